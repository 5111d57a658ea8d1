"""After an erasure nothing is left of the person, and everything else is as it was."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from fixtures import factories as make
from fixtures import sample
from fixtures.row import Row
from schemaproof.database import Database
from schemaproof.identity import anon, member, service
from suites.dictionary.declared import table, tables
from suites.encryption.calls import log_message
from suites.encryption.sealed import value
from suites.fixture_types import ActingAs, Refused
from suites.gdpr.subject import (
    EMAIL,
    NOBODY,
    NUMBER,
    OTHER_SIDE,
    SLACK_USER,
    VALUES,
    WORKSPACE,
    erase,
    export,
    make_subject,
)
from suites.waiting import await_lock

pytestmark = pytest.mark.req("8.6")

_Connection = psycopg.Connection[Any]
_WHO = [
    pytest.param({"phone_number": NUMBER}, id="by number"),
    pytest.param({"person_email": EMAIL}, id="by e-mail"),
    pytest.param({"workspace_id": WORKSPACE, "slack_user_id": SLACK_USER}, id="by Slack user"),
]

# Texts and documents that may name somebody: of persons, but a Slack user's id, which has Slack's form; and URLs.
_TEXTS = [
    (name, column)
    for name in tables()
    for column, cells in table(name).columns.items()
    if cells["type"] in ("text", "jsonb") and (cells["class"] == "personal" or column.endswith("_url"))
    if column != "slack_user_id"
]


def _held(db: _Connection, values: tuple[str, ...] = VALUES) -> set[tuple[str, str]]:
    """Search every row of every table for values, in the clear and decrypted; return table and value."""
    texts = [(name, str(row)) for name in tables() for row in _rows(db, name)]
    for view in ("decrypted_communication_logs", "decrypted_webhook_deliveries", "decrypted_slack_connections"):
        texts += [(view, str(row)) for row in db.execute(sql.SQL("select * from {}").format(sql.Identifier(view)))]
    return {(name, found) for name, text in texts for found in values if found.lower() in text.lower()}


def _rows(db: _Connection, name: str) -> list[tuple[Any, ...]]:
    query = sql.SQL("select t::text from {} as t").format(sql.Identifier(*name.split(".")))
    return db.execute(query).fetchall()


@pytest.mark.parametrize("who", _WHO)
def test_no_value_is_left_in_any_table(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, who: dict[str, str]
) -> None:
    make_subject(db, tenants[0])
    assert {found for _, found in _held(db)} == set(VALUES)
    with acting_as(service()) as connection:
        erase(connection, tenants[0], **who)
    assert _held(db) == set()


def test_no_hash_of_the_number_is_left(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    subject = make_subject(db, tenants[0])
    erase(db, tenants[0], phone_number=NUMBER)
    hashed = subject.received["phone_number_hash"]
    assert value(db, "select count(*) from public.communication_logs where phone_number_hash = %s", hashed) == 0


def test_every_personal_column_is_empty_or_gone(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    subject = make_subject(db, tenants[0])
    erase(db, tenants[0], phone_number=NUMBER)
    for name, key, row in (
        ("public.verified_whatsapp_numbers", "verified_whatsapp_number_id", subject.number),
        ("public.slack_user_mappings", "slack_user_mapping_id", subject.mapping),
        ("public.webhook_deliveries", "webhook_delivery_id", subject.delivery),
        ("public.webhook_attempts", "webhook_delivery_id", subject.delivery),
    ):
        query = sql.SQL("select count(*) from {} where {} = %s")
        counted = query.format(sql.Identifier(*name.split(".")), sql.Identifier(key)).as_string(db)
        assert value(db, counted, row[key]) == 0, name
    personal = table("public.communication_logs").of_class("personal")
    columns = sql.SQL(", ").join(map(sql.Identifier, personal))
    read = sql.SQL("select {} from public.communication_logs where communication_log_id = any (%s)").format(columns)
    logs = [subject.received["communication_log_id"], subject.slack["communication_log_id"]]
    empty: tuple[Any, ...] = tuple({} if column == "metadata" else None for column in personal)
    assert db.execute(read, [logs]).fetchall() == [empty, empty]


def test_what_was_counted_can_still_be_counted(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    query = "select channel, direction, status, created_at from public.communication_logs order by communication_log_id"
    before = db.execute(query).fetchall()
    erase(db, tenants[0], phone_number=NUMBER)
    assert db.execute(query).fetchall() == before


def test_other_side_of_the_persons_messages_keeps_its_number(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    subject = make_subject(db, tenants[0])
    erase(db, tenants[0], phone_number=NUMBER)
    query = """
        select phone_number, verified_whatsapp_number_id, body from public.decrypted_communication_logs
        where communication_log_id = %s
    """
    assert db.execute(query, [subject.sent["communication_log_id"]]).fetchone() == (OTHER_SIDE, None, None)


def test_nothing_of_anybody_else_is_touched(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[1])
    before = {name: sorted(_rows(db, name)) for name in tables() if name != "private.audit_logs"}
    make_subject(db, tenants[0])
    erase(db, tenants[0], phone_number=NUMBER)
    after = {name: set(_rows(db, name)) for name in before}
    assert {name for name in before if not set(before[name]) <= after[name]} == set()


def test_mentions_in_other_peoples_messages_are_blotted_out(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    body = f"<@{SLACK_USER}> or {EMAIL.lower()}, {NUMBER}\n{NUMBER[1:]}; not {NUMBER}7, {SLACK_USER}X"
    other = make.make_whatsapp_log(db, tenants[0], body=body, metadata={"note": f"ask\n{EMAIL}", NUMBER: 1})
    foreign = make.make_whatsapp_log(db, tenants[1], body=body)
    erased = erase(db, tenants[0], phone_number=NUMBER)
    query = "select body, metadata from public.communication_logs where communication_log_id = %s"
    assert db.execute(query, [other["communication_log_id"]]).fetchone() == (
        f"<@*> or *, +*\n*; not {NUMBER}7, {SLACK_USER}X",
        {"note": "ask\n*", "+*": 1},
    )
    assert db.execute(query, [foreign["communication_log_id"]]).fetchone() == (body, {})
    assert erased["mentions"] == 1


@pytest.mark.parametrize(
    ("planted", "left"),
    [
        (int(NUMBER), "*"),
        ({"deep": [[int(NUMBER), {"of": int(NUMBER)}]]}, {"deep": [["*", {"of": "*"}]]}),
        ([NUMBER, int(f"{NUMBER}7"), True, None, -1.5], ["+*", int(f"{NUMBER}7"), True, None, -1.5]),
        ({NUMBER: {EMAIL: 1}}, {"+*": {"*": 1}}),
        (f'b{EMAIL}\n{EMAIL} "{NUMBER}" \\ \u0001{NUMBER}', f'b{EMAIL}\n* "+*" \\ \u0001+*'),
    ],
)
def test_mention_in_metadata_is_blotted_out_whatever_it_is(
    db: _Connection, tenants: tuple[UUID, UUID], planted: object, left: object
) -> None:
    make_subject(db, tenants[0])
    other = make.make_whatsapp_log(db, tenants[0], metadata={"k": planted})
    erase(db, tenants[0], phone_number=NUMBER)
    query = "select metadata from public.communication_logs where communication_log_id = %s"
    assert value(db, query, other["communication_log_id"]) == {"k": left}


def test_escape_in_metadata_is_no_part_of_a_name(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    """With the escape of its line break, the first address would be the second, and what was left of it no JSON."""
    other = make.make_whatsapp_log(db, tenants[0], metadata={"k": "\nina@example.com, nina@example.com"})
    erase(db, tenants[0], person_email="nina@example.com")
    query = "select metadata from public.communication_logs where communication_log_id = %s"
    assert value(db, query, other["communication_log_id"]) == {"k": "\nina@example.com, *"}


def test_document_as_deep_as_its_column_lets_it_be_stops_no_erasure(
    db: _Connection, tenants: tuple[UUID, UUID]
) -> None:
    deep = "[" * 3000 + NUMBER[1:] + "]" * 3000
    other = make.make_whatsapp_log(db, tenants[0])
    query = "update public.communication_logs set metadata = %s::jsonb where communication_log_id = %s"
    db.execute(query, [f'{{"k": {deep}}}', other["communication_log_id"]])
    assert erase(db, tenants[0], phone_number=NUMBER)["mentions"] == 1


@pytest.mark.parametrize("who", [{"phone_number": NUMBER}, {"person_email": EMAIL}], ids=["number", "e-mail"])
@pytest.mark.parametrize(("name", "column"), _TEXTS)
def test_mention_is_blotted_out_of_every_personal_column_of_somebody_elses(
    db: _Connection, tenants: tuple[UUID, UUID], name: str, column: str, who: dict[str, str]
) -> None:
    (identifier,) = who.values()
    row = _strangers(db, tenants[0])[name]
    _plant(db, (name, column), row, identifier)
    identifiers = (identifier.removeprefix("+"), identifier.replace("@", "%40"))
    assert {found for found, _ in _held(db, identifiers)} >= {name}
    erased = erase(db, tenants[0], **who)
    assert _held(db, identifiers) == set()
    # An event whose payload is altered would fail its signature, so it goes whole.
    whole = int(column == "payload")
    assert (erased["webhook_deliveries"], erased["mentions"]) == (whole, 1 - whole)
    query = "select table_name from private.audit_logs where action = 'erase' and tenant_id = %s"
    assert {table_name for (table_name,) in db.execute(query, [tenants[0]])} == {"public.tenants", name}


def _strangers(db: _Connection, tenant: UUID) -> dict[str, Row]:
    """One row of somebody else's in each table with texts."""
    delivery = make.make_webhook_delivery(db, tenant)
    return {
        "public.verified_whatsapp_numbers": make.make_verified_number(db, tenant),
        "public.slack_user_mappings": make.make_slack_user_mapping(db, make.make_slack_connection(db, tenant)),
        "public.communication_logs": make.make_whatsapp_log(db, tenant),
        "public.webhook_deliveries": delivery,
        "public.webhook_attempts": make.make_webhook_attempt(db, delivery),
    }


def _plant(db: _Connection, place: tuple[str, str], row: Row, identifier: str) -> None:
    """Put an identifier into a text, as its column would have it."""
    name, column = place
    quoted = identifier.replace("+", "%2B").replace("@", "%40")
    text = {
        "person_email": f"{quoted}@of.example.com",
        "endpoint_url": f"https://hooks.example.com/?to={quoted}&n=1",
    }.get(column, f"of {identifier}, again")
    planted = Jsonb({"k": text}) if table(name).columns[column]["type"] == "jsonb" else text
    key = sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(part), sql.Literal(row[part])) for part in table(name).primary_key
    )
    query = sql.SQL("update {} set {} = %s where {}")
    db.execute(query.format(sql.Identifier(*name.split(".")), sql.Identifier(column), key), [planted])


@pytest.mark.parametrize(
    "text", ["+49 151 9999 0001", "+49 (151) 9999-0001", "004915199990001", "tel:+49.151.99990001", "_+4915199990001_"]
)
def test_number_is_found_however_it_is_punctuated(db: _Connection, tenants: tuple[UUID, UUID], text: str) -> None:
    other = make.make_whatsapp_log(db, tenants[0], body=f"call {text}!")
    erase(db, tenants[0], phone_number=NUMBER)
    left = value(
        db, "select body from public.communication_logs where communication_log_id = %s", other["communication_log_id"]
    )
    assert "*" in left
    assert "0001" not in left


def test_event_about_no_message_that_names_the_person_is_erased(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    named = make.make_webhook_delivery(db, tenants[0], payload={"verified": {"number": NUMBER}})
    longer = make.make_webhook_delivery(db, tenants[0], payload={"verified": {"number": f"{NUMBER}7"}})
    erase(db, tenants[0], phone_number=NUMBER)
    query = "select webhook_delivery_id from public.webhook_deliveries where webhook_delivery_id = any (%s)"
    ids = [row["webhook_delivery_id"] for row in (named, longer)]
    assert db.execute(query, [ids]).fetchall() == [(ids[1],)]


def test_foreign_keys_are_valid_afterwards(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    erase(db, tenants[0], phone_number=NUMBER)
    for name in tables():
        for key in table(name).references:
            joined = sql.SQL(" and ").join(
                sql.SQL("p.{} = c.{}").format(sql.Identifier(theirs), sql.Identifier(ours))
                for ours, theirs in zip(key.columns, key.parent_columns, strict=True)
            )
            whole = sql.SQL(" and ").join(sql.SQL("c.{} is not null").format(sql.Identifier(c)) for c in key.columns)
            query = sql.SQL("select count(*) from {} as c where {} and not exists (select from {} as p where {})")
            child, parent = sql.Identifier(*name.split(".")), sql.Identifier(*key.parent.split("."))
            assert db.execute(query.format(child, whole, parent, joined)).fetchone() == (0,), key.name


def test_erasure_is_audited_without_a_value_and_leaves_the_trail_alone(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    make_subject(db, tenants[0])
    before = set(_rows(db, "private.audit_logs"))
    with acting_as(service()) as connection:
        erase(connection, tenants[0], phone_number=NUMBER)
    assert before <= set(_rows(db, "private.audit_logs"))
    query = "select table_name, actor_role from private.audit_logs where action = 'erase' and tenant_id = %s order by 1"
    assert db.execute(query, [tenants[0]]).fetchall() == [
        ("public.communication_logs", "service_role"),
        ("public.slack_user_mappings", "service_role"),
        ("public.tenants", "service_role"),
        ("public.verified_whatsapp_numbers", "service_role"),
        ("public.webhook_deliveries", "service_role"),
        ("public.whatsapp_verifications", "service_role"),
    ]
    assert {name for name, _ in _held(db)} == set()


@pytest.mark.parametrize(
    ("body", "touched"),
    [(f"call {NUMBER}", {("public.communication_logs", "body,metadata,provider_message_id")}), ("hello", set())],
)
def test_erasure_is_audited_whatever_it_finds(
    db: _Connection, tenants: tuple[UUID, UUID], body: str, touched: set[tuple[str, str]]
) -> None:
    make.make_whatsapp_log(db, tenants[0], body=body)
    erase(db, tenants[0], phone_number=NUMBER)
    query = """
        select table_name, array_to_string(changed_columns, ',') from private.audit_logs
        where action = 'erase' and tenant_id = %s
    """
    assert set(db.execute(query, [tenants[0]])) == {("public.tenants", "")} | touched


def test_erasure_waits_for_a_message_that_is_being_written(sampled_db: Database) -> None:
    tenant = sample.tenant_id(1)
    with sampled_db.connect() as writer, sampled_db.connect() as eraser, ThreadPoolExecutor(1) as pool:
        with writer.transaction():
            log_message(writer, tenant, phone_number=NUMBER, body="of the last moment")
            erased = pool.submit(erase, eraser, tenant, phone_number=NUMBER)
            await_lock(writer, eraser.info.backend_pid)
        assert erased.result()["communication_logs"] == 1
        assert value(writer, "select count(*) from public.communication_logs where body = 'of the last moment'") == 0


def test_erasure_says_what_it_touched_and_finds_nothing_the_second_time(
    db: _Connection, tenants: tuple[UUID, UUID]
) -> None:
    make_subject(db, tenants[0])
    first = erase(db, tenants[0], phone_number=NUMBER)
    assert first == {
        "webhook_deliveries": 1,
        "communication_logs": 3,
        "mentions": 0,
        "slack_user_mappings": 1,
        "whatsapp_verifications": 1,
        "verified_whatsapp_numbers": 2,
    }
    assert set(erase(db, tenants[0], phone_number=NUMBER).values()) == {0}
    assert export(db, tenants[0], phone_number=NUMBER)["communication_logs"] == []


def test_person_of_a_tenant_that_is_deleted_softly_is_erased(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    db.execute(
        "update public.tenants set deleted_at = now(), deletion_id = %s where tenant_id = %s", [uuid4(), tenants[0]]
    )
    erase(db, tenants[0], phone_number=NUMBER)
    assert _held(db) == set()


@pytest.mark.parametrize("who", NOBODY)
def test_erasure_of_nobody_in_particular_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, who: dict[str, str]
) -> None:
    make_subject(db, tenants[0])
    before = _held(db)
    with refused("SP001"):
        erase(db, tenants[0], **who)
    with refused("SP002"):
        erase(db, uuid4(), phone_number=NUMBER)
    with refused("SP002"):
        erase(db, None, phone_number=NUMBER)
    assert _held(db) == before


@pytest.mark.req("3.5")
def test_members_and_visitors_erase_nobody(tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused) -> None:
    for identity in (anon(), member(tenants[0])):
        with refused("42501"), acting_as(identity) as connection:
            erase(connection, tenants[0], phone_number=NUMBER)
