"""Connecting workspaces and mapping their users: what is upserted, what stays, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import anon, member, service
from suites.encryption.calls import LONG, connect_workspace, map_user
from suites.encryption.sealed import value
from suites.fixture_types import ActingAs, Refused

pytestmark = [pytest.mark.req("6.2"), pytest.mark.req("7.1")]

_Connection = psycopg.Connection[Any]


def _token(db: _Connection, connection_id: UUID) -> Any:
    query = "select bot_token from public.decrypted_slack_connections where slack_connection_id = %s"
    return value(db, query, connection_id)


def test_workspace_connected_again_keeps_its_row_and_takes_the_new_token(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    with acting_as(service()) as connection:
        first = connect_workspace(connection, tenants[0], default_channel_id="C0GENERAL")
        connection.execute(
            "update public.slack_connections set status = 'revoked' where slack_connection_id = %s", [first]
        )
        assert connect_workspace(connection, tenants[0], bot_token="xoxb-2", workspace_name="Renamed") == first
    query = """
        select workspace_name, status, default_channel_id from public.slack_connections where slack_connection_id = %s
    """
    assert db.execute(query, [first]).fetchone() == ("Renamed", "active", "C0GENERAL")
    assert _token(db, first) == "xoxb-2"


def test_workspace_that_was_disconnected_gets_a_new_row(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    first = connect_workspace(db, tenants[0])
    db.execute(
        "update public.slack_connections set deleted_at = now(), deletion_id = %s where slack_connection_id = %s",
        [uuid4(), first],
    )
    second = connect_workspace(db, tenants[0], bot_token="xoxb-2")
    assert second != first
    assert _token(db, second) == "xoxb-2"


def test_workspace_of_two_tenants_has_a_row_and_a_token_of_each(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    rows = [connect_workspace(db, tenant, bot_token=f"xoxb-{tenant}") for tenant in tenants]
    assert [_token(db, row) for row in rows] == [f"xoxb-{tenant}" for tenant in tenants]


def test_concurrent_connections_of_a_workspace_make_one_row(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        tenant = make.make_tenant(connection)["tenant_id"]
    barrier = Barrier(8)

    def connect(number: int) -> Any:
        with fresh_db.connect() as connection:
            barrier.wait()
            return connect_workspace(connection, tenant, bot_token=f"xoxb-{number}")

    with ThreadPoolExecutor(8) as pool:
        rows = set(pool.map(connect, range(8)))
    with fresh_db.connect() as connection:
        assert len(rows) == 1
        assert _token(connection, rows.pop()).startswith("xoxb-")


@pytest.mark.parametrize(
    ("over", "sqlstate"),
    [
        ({"tenant_id": None}, "SP002"),
        ({"tenant_id": uuid4()}, "SP002"),
        ({"bot_token": None}, "SP001"),
        ({"bot_token": ""}, "SP001"),
        ({"bot_token": LONG}, "SP001"),
        ({"workspace_id": None}, "SP001"),
        ({"workspace_id": ""}, "SP001"),
        ({"workspace_id": "%"}, "SP001"),
        ({"workspace_name": None}, "SP001"),
        ({"workspace_name": ""}, "SP001"),
        ({"workspace_name": LONG}, "SP001"),
        ({"bot_user_id": None}, "SP001"),
        ({"bot_user_id": "B0T"}, "SP001"),
        ({"scopes": None}, "SP001"),
        ({"scopes": ["a b"]}, "SP001"),
        ({"scopes": [None]}, "SP001"),
        ({"default_channel_id": ""}, "SP001"),
    ],
)
def test_connection_that_cannot_be_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, over: dict[str, Any], sqlstate: str
) -> None:
    with refused(sqlstate):
        connect_workspace(db, over.get("tenant_id", tenants[0]) if "tenant_id" in over else tenants[0], **{
            key: found for key, found in over.items() if key != "tenant_id"
        })  # fmt: skip


@pytest.mark.req("3.5")
def test_member_maps_a_slack_user_and_completes_the_mapping(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    with acting_as(member(tenants[0])) as connection:
        first = map_user(connection, tenants[0], person_name="Ada", metadata={"team": "x"})
        assert map_user(connection, tenants[0], person_email="ada@example.com") == first
        query = """
            select person_name, person_email, metadata from public.slack_user_mappings where slack_user_mapping_id = %s
        """
        assert connection.execute(query, [first]).fetchone() == ("Ada", "ada@example.com", {"team": "x"})


def test_service_role_maps_for_any_tenant(tenants: tuple[UUID, UUID], acting_as: ActingAs) -> None:
    with acting_as(service()) as connection:
        assert map_user(connection, tenants[0]) != map_user(connection, tenants[1])


def test_slack_user_whose_mapping_was_deleted_is_mapped_anew(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    first = map_user(db, tenants[0])
    db.execute(
        "update public.slack_user_mappings set deleted_at = now(), deletion_id = %s where slack_user_mapping_id = %s",
        [uuid4(), first],
    )
    assert map_user(db, tenants[0]) != first


@pytest.mark.req("3.5")
def test_member_maps_for_no_other_tenant_and_no_other_workspace(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    theirs = make.make_verified_number(db, tenants[1])["verified_whatsapp_number_id"]
    narrowed = member(tenants[0], workspace_id="T0ELSEWHERE")
    for identity, tenant, over in (
        (member(tenants[0]), tenants[1], {}),
        (member(tenants[0]), None, {}),
        (member(uuid4()), tenants[0], {}),
        (narrowed, tenants[0], {}),
        (member(tenants[0]), tenants[0], {"workspace_id": "T0NOTCONNECTED"}),
        (member(tenants[0]), tenants[0], {"workspace_id": None}),
        (member(tenants[0]), tenants[0], {"verified_whatsapp_number_id": theirs}),
    ):
        with refused("SP002"), acting_as(identity) as connection:
            map_user(connection, tenant, **over)


@pytest.mark.parametrize(
    "over",
    [
        {"slack_user_id": None},
        {"slack_user_id": ""},
        {"slack_user_id": LONG},
        {"person_name": ""},
        {"person_name": LONG},
        {"person_email": "no address"},
        {"person_email": LONG},
        {"metadata": Jsonb([])},
        {"metadata": {"text": LONG * 2}},
    ],
)
def test_mapping_that_cannot_be_is_refused(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, over: dict[str, Any]
) -> None:
    with refused("SP001"), acting_as(member(tenants[0])) as connection:
        map_user(connection, tenants[0], **over)


def test_visitor_maps_nobody(tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused) -> None:
    with refused("42501"), acting_as(anon()) as connection:
        map_user(connection, tenants[0])
