"""Unique keys count live rows of one tenant; foreign keys stay within the tenant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from fixtures.row import Row
from suites.dictionary.declared import Index, Reference, table, tables
from suites.fixture_types import Refused

_UNIQUE = [
    pytest.param(name, index, id=index.name)
    for name in tables()
    for index in table(name).indexes
    if index.unique and index.where and "deleted_at IS NULL" in index.where
]
_TENANTS = [name for name in tables() if "tenant_id" in table(name).columns]
_FOREIGN = [
    pytest.param(reference, id=reference.name)
    for name in tables()
    for reference in table(name).references
    if "tenant_id" in reference.columns and len(reference.columns) > 1
]


def _copy(db: psycopg.Connection[Any], name: str, where: str, over: Mapping[str, object]) -> Row:
    """Insert a copy of one row that is `where`, with a new id and `over`, and return it."""
    own = {column: str(uuid4()) for column in table(name).primary_key if column != "tenant_id"}
    statement = sql.SQL(
        "insert into {0} select (jsonb_populate_record(r, %s)).* from {0} as r where {1} limit 1 returning *"
    ).format(sql.Identifier(*name.split(".")), sql.SQL(where))
    row = db.cursor(row_factory=dict_row).execute(statement, [Jsonb({**own, **over})]).fetchone()
    assert row is not None, f"the sample has a row of {name} where {where}"
    return row


@pytest.mark.req("6.2")
@pytest.mark.parametrize(("name", "index"), _UNIQUE)
def test_unique_key_counts_live_rows_only(
    db: psycopg.Connection[Any], refused: Refused, name: str, index: Index
) -> None:
    live = index.where or ""
    with refused("23505"):
        _copy(db, name, live, {})
    deleted = {"deleted_at": "2026-01-01T00:00:00Z", "deletion_id": str(uuid4())}
    for _ in range(2):
        assert _copy(db, name, live, deleted)["deleted_at"], "deleted twins clash neither with it nor with each other"


@pytest.mark.req("6.2")
@pytest.mark.parametrize(("name", "index"), _UNIQUE)
def test_what_was_deleted_can_be_made_again(db: psycopg.Connection[Any], name: str, index: Index) -> None:
    statement = sql.SQL("update {} set deleted_at = now(), deletion_id = %s where {}")
    deletion = uuid4()
    db.execute(statement.format(sql.Identifier(*name.split(".")), sql.SQL(index.where or "")), [deletion])
    row = _copy(db, name, f"deletion_id = '{deletion}'", {"deleted_at": None, "deletion_id": None})
    assert row["deleted_at"] is None


@pytest.mark.req("2.2")
@pytest.mark.parametrize("name", _TENANTS)
def test_every_unique_key_of_a_tenants_table_contains_the_tenant(name: str) -> None:
    keys = [index for index in table(name).indexes if index.unique]
    assert keys
    assert [key.name for key in keys if "tenant_id" not in key.on.split(", ")] == []


@pytest.mark.req("2.2")
@pytest.mark.parametrize("name", _TENANTS)
def test_every_foreign_key_between_tenants_tables_contains_the_tenant(name: str) -> None:
    between = [r for r in table(name).references if "tenant_id" in table(r.parent).columns]
    pairs = [dict(zip(r.columns, r.parent_columns, strict=True)) for r in between]
    assert [pair for pair in pairs if pair.get("tenant_id") != "tenant_id"] == []


@pytest.mark.req("2.2")
@pytest.mark.parametrize("reference", _FOREIGN)
def test_row_cannot_point_into_another_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, reference: Reference
) -> None:
    own, foreign = (_point_at(db, reference, tenants[0], parent) for parent in tenants)
    assert db.execute(own).rowcount == 1, "a parent of the own tenant is taken"
    with refused("23503"):
        db.execute(foreign)


def _point_at(db: psycopg.Connection[Any], reference: Reference, tenant: UUID, other: UUID) -> sql.Composed:
    """Make the statement that has a row of `tenant` refer to a new parent of `other`."""
    unlike = {
        "workspace_id": f"T{uuid4().hex[:10].upper()}",
        "phone_number": f"+49{uuid4().int % 10**10:010d}",
        "provider_message_id": uuid4().hex,
    }
    keys = [index.on.split(", ") for index in table(reference.parent).indexes if index.unique and index.where]
    fresh = {column: unlike[column] for key in keys for column in key if column in unlike}
    parent = _copy(db, reference.parent, f"tenant_id = '{other}' and deleted_at is null", fresh)
    assignments = [
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(parent[there]))
        for column, there in zip(reference.columns, reference.parent_columns, strict=True)
        if column != "tenant_id"
    ]
    return sql.SQL("update {0} set {1} where ctid = (select ctid from {0} where {2} limit 1)").format(
        sql.Identifier(*reference.child.split(".")),
        sql.SQL(", ").join(assignments),
        sql.SQL("tenant_id = {} and {} is not null").format(sql.Literal(tenant), sql.Identifier(reference.columns[-1])),
    )


@pytest.mark.req("4.1")
@pytest.mark.parametrize("reference", [pytest.param(r, id=r.name) for name in tables() for r in table(name).references])
def test_every_foreign_key_has_an_index_that_serves_it(reference: Reference) -> None:
    implied = {None, *(f"{column} IS NOT NULL" for column in reference.columns)}
    leading = [
        set(index.on.split(", ")[: len(reference.columns)])
        for index in table(reference.child).indexes
        if index.where in implied
    ]
    assert set(reference.columns) in leading
