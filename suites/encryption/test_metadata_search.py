"""Messages, numbers and mappings are found by their metadata, in the own tenant and workspace only, page by page."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from fixtures import factories as make
from schemaproof.identity import Identity, anon, member, service
from schemaproof.plan import Plans
from suites.fixture_types import ActingAs, Refused

_Connection = psycopg.Connection[Any]
_FUNCTIONS = {
    "search_communication_logs": ("communication_logs", "communication_log_id"),
    "search_verified_whatsapp_numbers": ("verified_whatsapp_numbers", "verified_whatsapp_number_id"),
    "search_slack_user_mappings": ("slack_user_mappings", "slack_user_mapping_id"),
}
_MANY = """
    insert into public.verified_whatsapp_numbers (tenant_id, phone_number, metadata)
    select %s, '+4916' || n, jsonb_build_object('n', n) from generate_series(1000000, 1003000) as n
"""

functions = pytest.mark.parametrize("function", _FUNCTIONS)


def _make(db: _Connection, function: str, tenant: UUID, **over: Any) -> UUID:
    if function == "search_communication_logs":
        row = make.make_whatsapp_log(db, tenant, **over)
    elif function == "search_verified_whatsapp_numbers":
        row = make.make_verified_number(db, tenant, **over)
    else:
        connection = make.make_slack_connection(db, tenant, workspace_id=f"T{uuid4().hex[:9].upper()}")
        row = make.make_slack_user_mapping(db, connection, **over)
    made: UUID = row[_FUNCTIONS[function][1]]
    return made


def _search(db: _Connection, function: str, contains: Any, **over: Any) -> list[UUID]:
    return [found for found, _ in _page(db, function, contains, **over)]


def _page(db: _Connection, function: str, contains: Any, **over: Any) -> list[tuple[UUID, datetime]]:
    arguments = {"metadata_contains": contains} | over
    named = ", ".join(f"{key} => %({key})s" for key in arguments)
    values = {key: Jsonb(found) if isinstance(found, dict | list) else found for key, found in arguments.items()}
    query = f"select {_FUNCTIONS[function][1]}, created_at from public.{function}({named})"
    return db.execute(query.encode(), values).fetchall()


@pytest.mark.req("4.1")
def test_numbers_are_searched_by_their_index_for_a_member(
    db: _Connection, tenants: tuple[UUID, UUID], plans: Plans
) -> None:
    db.execute(_MANY, [tenants[0]])
    db.execute("analyze public.verified_whatsapp_numbers")
    query = "select * from public.search_verified_whatsapp_numbers(:contains)"
    asked = plans.ask(query, {"contains": '{"n": 1000007}'}, identity=member(tenants[0]))
    assert asked.plan.rows == 1
    asked.uses("verified_whatsapp_numbers_metadata_idx", "metadata").no_seq_scan_above(100)
    asked.needs("public.verified_whatsapp_numbers_metadata_idx", 5)


@pytest.mark.req("3.5")
@functions
def test_member_finds_live_rows_of_the_own_tenant_alone(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, function: str
) -> None:
    ours, theirs = (_make(db, function, tenant, metadata={"secret": "handshake"}) for tenant in tenants)
    _make(db, function, tenants[0], metadata={"secret": "handshake"}, deleted_at="now()", deletion_id=uuid4())
    for tenant, found in ((tenants[0], [ours]), (tenants[1], [theirs]), (uuid4(), [])):
        with acting_as(member(tenant)) as connection:
            assert _search(connection, function, {"secret": "handshake"}) == found
    with acting_as(Identity("no claim", "authenticated", "{}")) as connection:
        assert _search(connection, function, {"secret": "handshake"}) == []


@pytest.mark.req("3.4")
def test_workspace_claim_narrows_the_search_of_mappings(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    rows = {
        workspace: make.make_slack_user_mapping(
            db, make.make_slack_connection(db, tenants[0], workspace_id=workspace), metadata={"k": 1}
        )["slack_user_mapping_id"]
        for workspace in ("T0MINE", "T0THEIRS")
    }
    for claims, found in (
        ({}, set(rows.values())),
        ({"workspace_id": "T0MINE"}, {rows["T0MINE"]}),
        ({"workspace_id": "T0NONE"}, set()),
        ({"workspace_id": None}, set()),
    ):
        with acting_as(member(tenants[0], **claims)) as connection:
            assert set(_search(connection, "search_slack_user_mappings", {"k": 1})) == found


@functions
def test_pages_begin_before_an_instant(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, function: str
) -> None:
    rows = [_make(db, function, tenants[0], metadata={"page": True}, created_at=f"2026-01-0{day}") for day in (1, 2, 3)]
    with acting_as(member(tenants[0])) as connection:
        assert _search(connection, function, {"page": True}, max_rows=2) == [rows[2], rows[1]]
        assert _search(connection, function, {"page": True}, before="2026-01-02", max_rows=2) == [rows[0]]
        assert _search(connection, function, {"page": True}, before=None, before_id=None, max_rows=1000) == rows[::-1]


@functions
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_behind_a_row_show_each_row_once_though_many_were_made_at_once(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, function: str, size: int
) -> None:
    instants = ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-02", "2026-01-02", "2026-01-03"]
    rows = [_make(db, function, tenants[0], metadata={"page": True}, created_at=instant) for instant in instants]
    seen: list[UUID] = []
    with acting_as(member(tenants[0])) as connection:
        page = _page(connection, function, {"page": True}, max_rows=size)
        while page:
            seen += [found for found, _ in page]
            last, instant = page[-1]
            page = _page(connection, function, {"page": True}, before=instant, before_id=last, max_rows=size)
    assert seen == [rows[5], *sorted(rows[1:5], reverse=True), rows[0]]


@functions
@pytest.mark.parametrize("found", [{"a": None}, {"a": False}, {"a": ""}, {"a": 0}, {"a": [{}, {"b": None}]}])
def test_any_value_at_any_depth_can_be_searched_for(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, function: str, found: dict[str, Any]
) -> None:
    row = _make(db, function, tenants[0], metadata=found | {"other": 1})
    _make(db, function, tenants[0], metadata={"a": "other"})
    with acting_as(member(tenants[0])) as connection:
        assert _search(connection, function, found) == [row]


@functions
@pytest.mark.parametrize(
    "over",
    [
        {"metadata_contains": None},
        {"metadata_contains": {}},
        {"metadata_contains": []},
        {"metadata_contains": ["a"]},
        {"metadata_contains": {"a": {}}},
        {"metadata_contains": {"a": []}},
        {"metadata_contains": {"a": {"b": [{}, []]}, "c": {}}},
        {"max_rows": None},
        {"max_rows": 0},
        {"max_rows": -1},
        {"max_rows": 1001},
    ],
)
def test_search_for_nothing_or_for_everything_is_refused(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, function: str, over: dict[str, Any]
) -> None:
    arguments = {"metadata_contains": {"a": 1}} | over
    with refused("SP001"), acting_as(member(tenants[0])) as connection:
        _search(connection, function, arguments.pop("metadata_contains"), **arguments)


@pytest.mark.req("3.5")
@functions
def test_only_members_search(acting_as: ActingAs, refused: Refused, function: str) -> None:
    for identity in (anon(), service()):
        with refused("42501"), acting_as(identity) as connection:
            _search(connection, function, {"a": 1})
