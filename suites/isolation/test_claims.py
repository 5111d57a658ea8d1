"""The tenant comes from one claim, and what is no such claim sees and changes nothing."""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from fixtures import sample
from schemaproof.identity import Identity, member
from suites.dictionary.declared import tables
from suites.fixture_types import ActingAs, Refused
from suites.isolation.update import UPDATABLE, bare_update

pytestmark = pytest.mark.req("3.1", "3.2")


_A = str(sample.tenant_id(1))
_PUBLIC = [name for name in tables() if name.startswith("public.")]
_USELESS = {
    "no setting": None,
    "as a pooled connection leaves it": "",
    "no claims": "{}",
    "JSON null": "null",
    "JSON text": f'"{_A}"',
    "JSON array": f'["{_A}"]',
    "claim is null": '{"tenant_id": null}',
    "claim is empty": '{"tenant_id": ""}',
    "claim is no UUID": '{"tenant_id": "1"}',
    "claim is almost a UUID": json.dumps({"tenant_id": _A[:-1]}),
    "claim is more than a UUID": json.dumps({"tenant_id": f"{_A}0"}),
    "white space around it": json.dumps({"tenant_id": f" {_A} "}),
    "newline behind it": json.dumps({"tenant_id": f"{_A}\n"}),
    "without hyphens": json.dumps({"tenant_id": _A.replace("-", "")}),
    "in braces": json.dumps({"tenant_id": f"{{{_A}}}"}),
    "two of them": json.dumps({"tenant_id": f"{_A},{sample.tenant_id(2)}"}),
    "array": json.dumps({"tenant_id": [_A]}),
    "object": json.dumps({"tenant_id": {"id": _A}}),
    "number": '{"tenant_id": 1}',
    "true": '{"tenant_id": true}',
    "other key": json.dumps({"tenant": _A}),
    "key in capitals": json.dumps({"TENANT_ID": _A}),
    "only in user_metadata": json.dumps({"user_metadata": {"tenant_id": _A}}),
    "only in app_metadata": json.dumps({"app_metadata": {"tenant_id": _A}}),
    "tenant that does not exist": json.dumps({"tenant_id": str(uuid4())}),
    "nil UUID": json.dumps({"tenant_id": str(UUID(int=0))}),
    "SQL": json.dumps({"tenant_id": "' or true --"}),
}


def _bearing(claims: str | None) -> Identity:
    return Identity("bearer", "authenticated", claims)


def _seen(connection: psycopg.Connection[Any], name: str) -> set[UUID]:
    """Whose rows of a table are seen."""
    query = sql.SQL("select tenant_id from {}").format(sql.Identifier(*name.split(".")))
    return {tenant for (tenant,) in connection.execute(query)}


@pytest.mark.parametrize("name", _PUBLIC)
def test_member_sees_the_own_tenant_and_no_other(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    assert _seen(db, name) == set(tenants), "the control: rows of both are there"
    for tenant in tenants:
        with acting_as(member(tenant)) as connection:
            assert _seen(connection, name) == {tenant}


@pytest.mark.parametrize("claims", _USELESS.values(), ids=_USELESS)
def test_useless_claim_sees_nothing(acting_as: ActingAs, claims: str | None) -> None:
    with acting_as(_bearing(claims)) as connection:
        assert {name: seen for name in _PUBLIC if (seen := _seen(connection, name))} == {}


@pytest.mark.parametrize("claims", _USELESS.values(), ids=_USELESS)
def test_useless_claim_changes_nothing(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, claims: str | None
) -> None:
    with acting_as(_bearing(claims)) as connection:
        changed = {name: connection.execute(bare_update(name)).rowcount for name in UPDATABLE}
    assert set(changed.values()) == {0}
    insert = (
        "insert into public.slack_user_mappings (tenant_id, slack_connection_id, workspace_id, slack_user_id)"
        " values (%s, gen_random_uuid(), %s, 'U0NEW')"
    )
    with refused("42501"), acting_as(_bearing(claims)) as connection:
        connection.execute(insert, [tenants[0], sample.SHARED_WORKSPACE_ID])


@pytest.mark.parametrize("name", UPDATABLE)
def test_member_changes_the_own_tenant_and_no_other(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    changed = sql.SQL("select count(*) from {} where updated_at > now() and tenant_id = {}")
    with acting_as(member(tenants[0])) as connection:
        assert connection.execute(bare_update(name)).rowcount > 0
    for tenant, expected in ((tenants[0], True), (tenants[1], False)):
        row = db.execute(changed.format(sql.Identifier(*name.split(".")), sql.Literal(tenant))).fetchone()
        assert row is not None
        assert (row[0] > 0) is expected


@pytest.mark.parametrize("claims", ["{", "tenant", '{"tenant_id": }', "{'tenant_id': 1}"])
def test_claims_that_are_no_json_raise_what_the_platform_raises(
    acting_as: ActingAs, refused: Refused, claims: str
) -> None:
    for name in _PUBLIC:
        with refused("22P02"), acting_as(_bearing(claims)) as connection:
            _seen(connection, name)


def test_uuid_in_capitals_is_the_same_tenant(acting_as: ActingAs, tenants: tuple[UUID, UUID]) -> None:
    with acting_as(_bearing(json.dumps({"tenant_id": _A.upper()}))) as connection:
        assert _seen(connection, "public.tenants") == {tenants[0]}


def test_legacy_setting_of_a_single_claim_is_no_claim(db: psycopg.Connection[Any], acting_as: ActingAs) -> None:
    db.execute("select set_config('request.jwt.claim.tenant_id', %s, true)", [_A])
    with acting_as(_bearing("{}")) as connection:
        assert _seen(connection, "public.tenants") == set()


def test_member_cannot_move_a_row_to_another_tenant(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    for name in _PUBLIC:
        statement = sql.SQL("update {} set tenant_id = %s").format(sql.Identifier(*name.split(".")))
        with refused("42501"), acting_as(member(tenants[0])) as connection:
            connection.execute(statement, [tenants[1]])
