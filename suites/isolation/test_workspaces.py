"""A claim `workspace_id` narrows a member to that Slack workspace, wherever a row belongs to one."""

import json
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from fixtures import sample
from schemaproof.identity import Identity, member
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("3.4")


_SHARED = sample.SHARED_WORKSPACE_ID
_number = count(1)
_TABLES = [name for name in tables() if "workspace_id" in table(name).columns]
_MALFORMED = {
    "null": None,
    "empty": "",
    "lower case": _SHARED.lower(),
    "white space": f" {_SHARED}",
    "wildcard": "%",
    "number": 1,
    "array": [_SHARED],
    "object": {"id": _SHARED},
    "false": False,
}


def _seen(connection: psycopg.Connection[Any], name: str) -> set[tuple[UUID, str | None]]:
    query = sql.SQL("select tenant_id, workspace_id from {}").format(sql.Identifier(*name.split(".")))
    return set(connection.execute(query).fetchall())


def _own_workspace(db: psycopg.Connection[Any], tenant: UUID) -> str:
    """The live workspace that only this tenant has connected."""
    query = "select workspace_id from public.slack_connections where tenant_id = %s and workspace_id <> %s"
    row = db.execute(f"{query} and deleted_at is null", [tenant, _SHARED]).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("name", _TABLES)
def test_without_the_claim_the_whole_tenant_is_seen(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    own = _own_workspace(db, tenants[0])
    with acting_as(member(tenants[0])) as connection:
        assert _seen(connection, name) >= {(tenants[0], _SHARED), (tenants[0], own)}


@pytest.mark.parametrize("name", _TABLES)
def test_claim_narrows_to_its_workspace(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    for workspace in (_SHARED, _own_workspace(db, tenants[0])):
        with acting_as(member(tenants[0], workspace_id=workspace)) as connection:
            assert _seen(connection, name) == {(tenants[0], workspace)}


@pytest.mark.parametrize("name", _TABLES)
def test_shared_workspace_does_not_lead_to_the_other_tenant(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    for tenant in tenants:
        with acting_as(member(tenant, workspace_id=_SHARED)) as connection:
            assert _seen(connection, name) == {(tenant, _SHARED)}


@pytest.mark.parametrize("name", _TABLES)
def test_foreign_workspace_shows_nothing(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    for workspace in (_own_workspace(db, tenants[1]), "T0NOBODYS"):
        with acting_as(member(tenants[0], workspace_id=workspace)) as connection:
            assert _seen(connection, name) == set()


@pytest.mark.parametrize("workspace", _MALFORMED.values(), ids=_MALFORMED)
def test_malformed_workspace_shows_nothing_and_not_everything(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, workspace: object
) -> None:
    with acting_as(member(tenants[0], workspace_id=workspace)) as connection:
        assert {name: seen for name in _TABLES if (seen := _seen(connection, name))} == {}


def test_workspace_alone_is_no_tenant(acting_as: ActingAs) -> None:
    bearer = Identity("bearer", "authenticated", json.dumps({"workspace_id": _SHARED}))
    with acting_as(bearer) as connection:
        assert {name: seen for name in _TABLES if (seen := _seen(connection, name))} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "update public.slack_connections set default_channel_id = 'C0CHANGED'",
        "update public.slack_user_mappings set metadata = '{}'",
    ],
)
def test_narrowed_member_changes_only_that_workspace(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, statement: str
) -> None:
    name = statement.split()[1]
    with acting_as(member(tenants[0], workspace_id=_SHARED)) as connection:
        assert connection.execute(statement.encode()).rowcount > 0
    changed = sql.SQL("select distinct tenant_id, workspace_id from {} where updated_at > now()")
    assert db.execute(changed.format(sql.Identifier(*name.split(".")))).fetchall() == [(tenants[0], _SHARED)]


def _map(connection: psycopg.Connection[Any], tenant: UUID, *, through: str, claimed: str) -> int:
    """Map a user through the connection of one workspace, naming another, and return the rows inserted."""
    return connection.execute(
        "insert into public.slack_user_mappings (tenant_id, slack_connection_id, workspace_id, slack_user_id)"
        " values (%s, %s, %s, %s)",
        [tenant, through, claimed, f"U{next(_number):04d}"],
    ).rowcount


def test_narrowed_member_maps_users_of_that_workspace_only(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    own = _own_workspace(db, tenants[0])
    connections: dict[str, str] = dict(
        db.execute(
            "select workspace_id, slack_connection_id::text from public.slack_connections"
            " where tenant_id = %s and deleted_at is null",
            [tenants[0]],
        ).fetchall()
    )
    narrowed = member(tenants[0], workspace_id=_SHARED)
    with acting_as(narrowed) as connection:
        assert _map(connection, tenants[0], through=connections[_SHARED], claimed=_SHARED) == 1
    with refused("42501"), acting_as(narrowed) as connection:
        _map(connection, tenants[0], through=connections[own], claimed=own)
    with refused("23503"), acting_as(narrowed) as connection:
        _map(connection, tenants[0], through=connections[own], claimed=_SHARED)
