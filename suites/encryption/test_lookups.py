"""Messages are found by their encrypted number and by their metadata, through an index and in the own tenant only.

What the search of messages has in common with the other searches is in test_metadata_search.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from fixtures import factories as make
from fixtures import sample
from schemaproof.identity import anon, member, service
from suites.encryption.calls import LONG, NUMBER, log_message
from suites.fixture_types import ActingAs, Refused

_Connection = psycopg.Connection[Any]
_ROWS = 3_000


def _find(connection: _Connection, tenant: UUID | None, number: str | None) -> list[tuple[UUID, str]]:
    query = """
        select communication_log_id, phone_number from public.find_communication_logs_by_phone_number(%s, %s)
    """
    return connection.execute(query, [tenant, number]).fetchall()


def _search(connection: _Connection, contains: dict[str, Any]) -> list[UUID]:
    query = "select communication_log_id from public.search_communication_logs(%s)"
    return [found for (found,) in connection.execute(query, [Jsonb(contains)]).fetchall()]


@pytest.fixture
def plans(db: _Connection) -> Callable[[], str]:
    """The plans of all statements so far, of those within functions too."""
    told: list[str] = []
    db.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    db.execute("load 'auto_explain'")
    for setting, text in {
        "auto_explain.log_min_duration": "0",
        "auto_explain.log_nested_statements": "on",
        "auto_explain.log_level": "notice",
    }.items():
        db.execute("select set_config(%s, %s, true)", [setting, text])
    return lambda: "\n".join(told)


def _fill(db: _Connection, tenant: UUID) -> None:
    """Many messages of other numbers and campaigns, so that reading them all would be dear."""
    query = """
        select public.log_communication(
            %s, 'whatsapp', 'inbound', 'received', '+4916' || n, metadata => jsonb_build_object('n', n)
        )
        from generate_series(1000000, 1000000 + %s) as n
    """
    db.execute(query, [tenant, _ROWS])
    db.execute("analyze public.communication_logs")


@pytest.mark.req("7.4")
def test_number_is_found_by_the_index_on_its_hash(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, plans: Callable[[], str]
) -> None:
    row = log_message(db, tenants[0])
    _fill(db, tenants[0])
    with acting_as(service()) as connection:
        assert _find(connection, tenants[0], NUMBER) == [(row, NUMBER)]
    (plan,) = [text for text in plans().split("duration: ") if "return query" in text or "any (hashes)" in text]
    assert "Index Cond: ((tenant_id = " in plan
    assert "communication_logs_phone_number_hash_idx" in plan
    assert "Seq Scan" not in plan


@pytest.mark.req("7.4")
def test_number_is_found_among_the_live_messages_of_the_tenant_alone(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    first, second, other = (log_message(db, tenant) for tenant in (tenants[0], tenants[0], tenants[1]))
    make.make_whatsapp_log(db, tenants[0], phone_number=NUMBER, deleted_at="now()", deletion_id=uuid4())
    with acting_as(service()) as connection:
        assert {row for row, _ in _find(connection, tenants[0], NUMBER)} == {first, second}
        assert _find(connection, tenants[1], NUMBER) == [(other, NUMBER)]


@pytest.mark.req("7.4")
@pytest.mark.parametrize("number", [None, "", "+", "4915112345678", "+491511234567", "+49151123456789", "%", LONG])
def test_what_is_not_the_number_finds_nothing(db: _Connection, tenants: tuple[UUID, UUID], number: str | None) -> None:
    log_message(db, tenants[0])
    assert _find(db, tenants[0], number) == []


def test_number_is_found_for_a_tenant_that_is_given_and_there(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    log_message(db, tenants[0])
    assert _find(db, uuid4(), NUMBER) == []
    with refused("SP001"):
        _find(db, None, NUMBER)


@pytest.mark.req("3.5")
def test_only_service_role_finds_by_number(tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused) -> None:
    for identity in (anon(), member(tenants[0])):
        with refused("42501"), acting_as(identity) as connection:
            _find(connection, tenants[0], NUMBER)


@pytest.mark.req("4.1")
def test_metadata_are_searched_by_their_index_for_a_member(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, plans: Callable[[], str]
) -> None:
    _fill(db, tenants[0])
    with acting_as(member(tenants[0])) as connection:
        assert len(_search(connection, {"n": 1000007})) == 1
    (plan,) = [text for text in plans().split("duration: ") if "@> metadata_contains" in text]
    assert "Bitmap Index Scan on communication_logs_metadata_idx" in plan
    assert "Seq Scan" not in plan


@pytest.mark.req("3.4")
def test_workspace_claim_narrows_the_search(db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs) -> None:
    connection_row = make.make_slack_connection(db, tenants[0], workspace_id="T0MINE")
    slack = make.make_slack_log(db, connection_row, metadata={"k": 1})["communication_log_id"]
    whatsapp = log_message(db, tenants[0], metadata={"k": 1})
    for claims, found in (
        ({}, {slack, whatsapp}),
        ({"workspace_id": "T0MINE"}, {slack}),
        ({"workspace_id": sample.SHARED_WORKSPACE_ID}, set()),
        ({"workspace_id": None}, set()),
        ({"workspace_id": ""}, set()),
    ):
        with acting_as(member(tenants[0], **claims)) as connection:
            assert set(_search(connection, {"k": 1})) == found


def test_search_shows_the_columns_that_a_member_may_read(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    query = "select * from public.search_communication_logs('{\"a\": 1}')"
    with acting_as(member(tenants[0])) as connection:
        shown = {column.name for column in connection.execute(query).description or ()}
        connection.execute(f"select {', '.join(shown)} from public.communication_logs".encode())
    assert "provider_message_id" not in shown
