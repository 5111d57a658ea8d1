"""The export holds all that is held on a person: of every table, every column but the secret ones."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.identity import anon, member, service
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused
from suites.gdpr.subject import (
    EMAIL,
    NOBODY,
    NUMBER,
    OTHER_SIDE,
    SLACK_USER,
    VALUES,
    WORKSPACE,
    export,
    make_subject,
)

pytestmark = pytest.mark.req("8.6")

_Connection = psycopg.Connection[Any]
_Classes = Mapping[str, Mapping[str, str]]

_WHO = [
    pytest.param({"phone_number": NUMBER}, id="by number"),
    pytest.param({"person_email": EMAIL.upper()}, id="by e-mail"),
    pytest.param({"workspace_id": WORKSPACE, "slack_user_id": SLACK_USER}, id="by Slack user"),
]


def _declared() -> dict[str, dict[str, str]]:
    """Class of each column of each table of the API."""
    return {
        name: {column: cells["class"] for column, cells in table(name).columns.items()}
        for name in tables()
        if name.startswith("public.")
    }


def _left_out(db: _Connection, document: Mapping[str, Any], declared: _Classes) -> set[str]:
    """Columns that the catalogue has and the document should hold, but does not.

    A table is of persons when a column of it is declared, or says itself, to be personal. Of such a table everything is
    held but what is declared secret; what nobody has declared counts as held.
    """
    query = """
        select c.oid::regclass::text, a.attname::text, col_description(c.oid, a.attnum) like 'Personal: %'
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    """
    with db.transaction():
        db.execute("set local search_path = ''")
        found = db.execute(query).fetchall()
        db.execute("reset search_path")
    classes = {(name, column): declared.get(name, {}).get(column) for name, column, _ in found}
    personal = {name for name, column, says in found if says or classes[name, column] == "personal"}
    missing = set()
    for name, column, _ in found:
        held = {key for row in document.get(name.removeprefix("public."), []) for key in row}
        if name in personal and classes[name, column] != "secret":
            missing |= {f"{name}.{column}"} if column.removesuffix("_ciphertext") not in held else set()
    return missing


def _rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All rows of all tables."""
    return [row for rows in document.values() if isinstance(rows, list) for row in rows if isinstance(row, dict)]


@pytest.mark.parametrize("who", _WHO)
def test_export_holds_every_column_of_every_table_of_persons(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, who: dict[str, str]
) -> None:
    make_subject(db, tenants[0])
    with acting_as(service()) as connection:
        document = export(connection, tenants[0], **who)
    assert _left_out(db, document, _declared()) == set()


@pytest.mark.parametrize("who", _WHO)
def test_export_holds_every_value_decrypted_whoever_is_asked_for(
    db: _Connection, tenants: tuple[UUID, UUID], who: dict[str, str]
) -> None:
    make_subject(db, tenants[0])
    text = json.dumps(export(db, tenants[0], **who)).lower()
    assert {value for value in VALUES if value.lower() not in text} == set()


def test_new_column_that_nobody_declared_is_missed(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    db.execute("alter table public.slack_user_mappings add column nickname text")
    make_subject(db, tenants[0])
    missing = {"public.slack_user_mappings.nickname"}
    document, declared = export(db, tenants[0], phone_number=NUMBER), _declared()
    assert _left_out(db, document, declared) == missing
    declared["public.slack_user_mappings"]["nickname"] = "personal"
    assert _left_out(db, document, declared) == missing, "declared, but not exported"
    document["slack_user_mappings"][0]["nickname"] = "Addie"
    assert _left_out(db, document, declared) == set()


def test_new_table_of_persons_is_missed(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    db.execute("create table public.voice_mails (tenant_id uuid, voice bytea)")
    db.execute("comment on column public.voice_mails.voice is 'Personal: what was said.'")
    make_subject(db, tenants[0])
    missing = {"public.voice_mails.tenant_id", "public.voice_mails.voice"}
    assert _left_out(db, export(db, tenants[0], phone_number=NUMBER), _declared()) == missing


def test_export_holds_no_secret(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    secret = {column for columns in _declared().values() for column, found in columns.items() if found == "secret"}
    document = export(db, tenants[0], phone_number=NUMBER)
    held = {key for row in _rows(document) for key in row}
    assert not held & (secret | {"phone_number_ciphertext", "bot_token", "signature"})
    assert "xoxb" not in json.dumps(document)


def test_other_side_of_the_persons_messages_is_not_told(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    subject = make_subject(db, tenants[0])
    document = export(db, tenants[0], phone_number=NUMBER)
    rows = {row["communication_log_id"]: row for row in document["communication_logs"]}
    sent = rows[str(subject.sent["communication_log_id"])]
    assert (sent["body"], sent["phone_number"], sent["provider_message_id"]) == ("zyxwvut-sent", None, None)
    assert OTHER_SIDE[1:] not in json.dumps(document)
    assert rows[str(subject.received["communication_log_id"])]["phone_number"] == NUMBER


def test_export_holds_nothing_of_anybody_else(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    make_subject(db, tenants[1])
    make.make_whatsapp_log(db, tenants[0], phone_number="+49151999900011", body="of a longer number")
    document = export(db, tenants[0], phone_number=NUMBER)
    assert {row["tenant_id"] for row in _rows(document)} == {str(tenants[0])}
    assert "of a longer number" not in json.dumps(document)
    assert {name: len(document[name]) for name in document if name.endswith("s")} == {
        "phone_numbers": 1,
        "person_emails": 1,
        "verified_whatsapp_numbers": 2,
        "whatsapp_verifications": 1,
        "slack_user_mappings": 1,
        "communication_logs": 3,
        "webhook_deliveries": 1,
        "webhook_attempts": 1,
    }


def test_delivery_that_only_names_the_person_is_told_of_without_what_it_says(
    db: _Connection, tenants: tuple[UUID, UUID]
) -> None:
    other = make.make_whatsapp_log(db, tenants[0], phone_number=OTHER_SIDE)
    private = {"text": "Bob's private words", "cc": NUMBER}
    about = make.make_webhook_delivery(
        db, tenants[0], communication_log_id=other["communication_log_id"], payload=private
    )
    make.make_webhook_attempt(db, about, error_message="Bob's private words")
    document = export(db, tenants[0], phone_number=NUMBER)
    assert [row["webhook_delivery_id"] for row in document["webhook_deliveries"]] == [str(about["webhook_delivery_id"])]
    assert len(document["webhook_attempts"]) == 1
    assert "Bob" not in json.dumps(document)


def test_person_of_two_workspaces_is_one_by_the_address(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    elsewhere = make.make_slack_connection(db, tenants[0])
    make.make_slack_user_mapping(db, elsewhere, slack_user_id="U0OTHER", person_email=EMAIL.lower())
    make.make_slack_log(db, elsewhere, slack_user_id="U0OTHER", body="from elsewhere")
    document = export(db, tenants[0], phone_number=NUMBER)
    assert len(document["slack_user_mappings"]) == 2
    assert "from elsewhere" in json.dumps(document)


def test_numbers_under_an_older_key_are_exported(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    make_subject(db, tenants[0])
    db.execute("select private.rotate_encryption_key()")
    make.make_whatsapp_log(db, tenants[0], phone_number=NUMBER)
    numbers = [row["phone_number"] for row in export(db, tenants[0], phone_number=NUMBER)["communication_logs"]]
    assert numbers.count(NUMBER) == 2


def test_unknown_person_has_an_empty_document(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    document = export(db, tenants[0], phone_number="+4930999")
    assert [rows for name, rows in document.items() if isinstance(rows, list) and name != "phone_numbers"] == [[]] * 7
    assert document["phone_numbers"] == ["+4930999"]


def test_export_is_audited_without_a_value(db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs) -> None:
    make_subject(db, tenants[0])
    with acting_as(service()) as connection:
        export(connection, tenants[0], phone_number=NUMBER)
    query = "select actor_role, table_name, row_id, changed_columns from private.audit_logs where action = 'export'"
    assert db.execute(query).fetchall() == [("service_role", "public.tenants", str(tenants[0]), [])]


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_in_particular_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, who: dict[str, Any]
) -> None:
    with refused("SP001"):
        export(db, tenants[0], **who)


@pytest.mark.parametrize("tenant", [None, uuid4()])
def test_export_of_a_tenant_that_is_not_there_is_refused(
    db: _Connection, refused: Refused, tenant: UUID | None
) -> None:
    with refused("SP002"):
        export(db, tenant, phone_number=NUMBER)


@pytest.mark.req("3.5")
def test_members_and_visitors_export_nobody(tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused) -> None:
    for identity in (anon(), member(tenants[0])):
        with refused("42501"), acting_as(identity) as connection:
            export(connection, tenants[0], phone_number=NUMBER)
