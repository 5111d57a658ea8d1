"""The shape of the policies: one a command, none in private, and claims that are read once a statement."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from schemaproof.identity import member
from suites.dictionary.declared import tables
from suites.fixture_types import ActingAs

pytestmark = pytest.mark.req("3.1")

Node = Mapping[str, Any]

_COMMANDS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
_PUBLIC = [name for name in tables() if name.startswith("public.")]


@pytest.mark.parametrize("name", tables())
def test_policies_are_one_a_command_in_public_and_none_in_private(db: psycopg.Connection[Any], name: str) -> None:
    schema, relation = name.split(".")
    query = "select policyname, cmd, roles::text[] from pg_catalog.pg_policies where schemaname = %s and tablename = %s"
    found = db.execute(query, [schema, relation]).fetchall()
    commands = _COMMANDS if schema == "public" else set()
    assert sorted(found) == sorted((f"{c.lower()}_member", c, ["authenticated"]) for c in commands)


@pytest.mark.parametrize("name", tables())
def test_row_level_security_is_enabled_and_forced(db: psycopg.Connection[Any], name: str) -> None:
    query = "select relrowsecurity, relforcerowsecurity from pg_catalog.pg_class where oid = %s::regclass"
    assert db.execute(query, [name]).fetchone() == (True, True)


@pytest.mark.parametrize("name", _PUBLIC)
def test_claims_are_read_once_a_statement(tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str) -> None:
    """Whatever the plan, the setting is read in InitPlans of one loop, and no node that has rows reads it."""
    query = sql.SQL("explain (analyze, verbose, timing off, format json) select tenant_id from {}")
    with acting_as(member(tenants[0])) as connection:
        row = connection.execute(query.format(sql.Identifier(*name.split(".")))).fetchone()
    assert row is not None
    nodes = list(_nodes(row[0][0]["Plan"]))
    reading = [node for node in nodes if "current_setting" in json.dumps({**node, "Plans": None})]
    assert reading, "the claims are read somewhere"
    assert {(node.get("Parent Relationship"), node["Actual Loops"]) for node in reading} <= {
        ("InitPlan", 1),
        ("InitPlan", 0),
    }


@pytest.mark.req("4.2")
def test_whether_a_claim_is_absent_is_asked_within_its_sub_select(db: psycopg.Connection[Any]) -> None:
    """Outside of it, the planner takes absence for rare, and expects few rows of whom it lets see all."""
    query = r"""
        select schemaname || '.' || tablename, policyname from pg_catalog.pg_policies
        where concat(qual, ' ', with_check) ~* %s
    """
    assert db.execute(query, [r"as current_\w+\) is (not )?null"]).fetchall() == []
    assert db.execute(query, [r"select \(private\.current_\w+\(\) is null\)"]).fetchall() != []


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
