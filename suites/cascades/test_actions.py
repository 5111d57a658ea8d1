"""Each foreign key does on DELETE and on UPDATE what the dictionary says, and nothing beside it."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from fixtures.row import Row
from suites.dictionary.declared import Reference, table, tables
from suites.fixture_types import Refused

pytestmark = pytest.mark.req("2.4")

_REFERENCES = [reference for name in tables() for reference in table(name).references]
_TENANTS = [name for name in tables() if "tenant_id" in table(name).columns]


def _doing(place: int, action: str) -> pytest.MarkDecorator:
    found = [reference for reference in _REFERENCES if reference.actions[place].partition(" (")[0] == action]
    assert found, f"the dictionary has no foreign key of which {action} could be shown"
    return pytest.mark.parametrize("reference", [pytest.param(reference, id=reference.name) for reference in found])


@pytest.mark.parametrize("reference", [pytest.param(reference, id=reference.name) for reference in _REFERENCES])
def test_no_action_is_left_to_the_default(reference: Reference) -> None:
    assert "no action" not in reference.actions


@_doing(0, "cascade")
def test_children_go_with_their_parent(db: psycopg.Connection[Any], reference: Reference) -> None:
    child = _child(db, reference)
    before, strangers = _referring(db, reference, child), _strangers(db, reference, child)
    _delete_parent(db, reference, child)
    assert before > 0
    assert _referring(db, reference, child) == 0
    assert _strangers(db, reference, child) == strangers


@_doing(0, "set null")
def test_children_lose_only_the_reference(db: psycopg.Connection[Any], reference: Reference) -> None:
    child = _child(db, reference)
    _delete_parent(db, reference, child)
    reset = reference.actions[0].partition(" (")[2].rstrip(")").split(", ")
    after = _again(db, reference, child)
    changed = {column for column in child if child[column] != after[column]}
    assert "tenant_id" not in reset
    assert changed == {*reset, "updated_at"}
    assert [after[column] for column in reset] == [None] * len(reset)


@_doing(0, "restrict")
def test_parent_that_is_needed_stays(db: psycopg.Connection[Any], refused: Refused, reference: Reference) -> None:
    child = _child(db, reference)
    with refused("23503"):
        _delete_parent(db, reference, child)


@_doing(1, "restrict")
def test_key_that_is_referred_to_stays_as_it_is(
    db: psycopg.Connection[Any], refused: Refused, reference: Reference
) -> None:
    child = _child(db, reference)
    for here, there in zip(reference.columns, reference.parent_columns, strict=True):
        with refused("23503"):
            _update_parent(db, reference, child, there, _another(child[here]))


@_doing(1, "cascade")
def test_children_follow_the_key(db: psycopg.Connection[Any], reference: Reference) -> None:
    child = _child(db, reference)
    (here,), (there,) = reference.columns, reference.parent_columns
    _update_parent(db, reference, child, there, _another(child[here]))
    assert _again(db, reference, child)[here] == _another(child[here])


@pytest.mark.parametrize("name", _TENANTS)
def test_deleting_a_tenant_leaves_nothing_but_its_audit_log(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str
) -> None:
    before = _count(db, name, tenants)
    db.execute("delete from public.tenants where tenant_id = %s", [tenants[0]])
    after = _count(db, name, tenants)
    assert min(before) > 0, "the sample has rows of both tenants"
    assert after[1] == before[1]
    assert after[0] > before[0] if name == "private.audit_logs" else after[0] == 0, "the trail stays, and tells the end"


def test_tenants_rows_are_where_the_tenant_can_be_told() -> None:
    """Every table of the API has the tenant's column, so the tests above look at all of them."""
    assert {name for name in tables() if name.startswith("public.")} <= set(_TENANTS)


def _child(db: psycopg.Connection[Any], reference: Reference) -> Row:
    """Return a row that refers to a parent."""
    refers = sql.SQL(" and ").join(
        sql.SQL("{} is not null").format(sql.Identifier(column)) for column in reference.columns
    )
    return _one(db, sql.SQL("select * from {} where {} limit 1").format(_name(reference.child), refers), [])


def _again(db: psycopg.Connection[Any], reference: Reference, child: Row) -> Row:
    """Return the same row as it is now."""
    key = table(reference.child).primary_key
    where = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in key)
    query = sql.SQL("select * from {} where {}").format(_name(reference.child), where)
    return _one(db, query, [child[column] for column in key])


def _one(db: psycopg.Connection[Any], query: sql.Composed, values: list[Any]) -> Row:
    row = db.cursor(row_factory=dict_row).execute(query, values).fetchone()
    assert row is not None, "the row is there"
    return row


def _referring(db: psycopg.Connection[Any], reference: Reference, child: Row) -> int:
    """Count the rows that refer to the same parent as `child` did."""
    where = _same(reference.columns, reference, child)
    row = db.execute(sql.SQL("select count(*) from {} where {}").format(_name(reference.child), where)).fetchone()
    assert row is not None
    return int(row[0])


def _strangers(db: psycopg.Connection[Any], reference: Reference, child: Row) -> int:
    """Count the rows that refer to other parents, or to none."""
    where = _same(reference.columns, reference, child)
    query = sql.SQL("select count(*) from {} where ({}) is not true").format(_name(reference.child), where)
    row = db.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _delete_parent(db: psycopg.Connection[Any], reference: Reference, child: Row) -> None:
    where = _same(reference.parent_columns, reference, child)
    assert db.execute(sql.SQL("delete from {} where {}").format(_name(reference.parent), where)).rowcount == 1


def _update_parent(db: psycopg.Connection[Any], reference: Reference, child: Row, column: str, value: object) -> None:
    where = _same(reference.parent_columns, reference, child)
    statement = sql.SQL("update {} set {} = %s where {}")
    db.execute(statement.format(_name(reference.parent), sql.Identifier(column), where), [value])


def _same(columns: tuple[str, ...], reference: Reference, child: Row) -> sql.Composed:
    """The condition that `columns`, the key's at either end, have the values that `child` refers by."""
    return sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(child[here]))
        for column, here in zip(columns, reference.columns, strict=True)
    )


def _another(value: object) -> object:
    """A value of the same type and form that nothing else has."""
    if isinstance(value, UUID):
        return uuid4() if value.int else None
    return value + 1000 if isinstance(value, int) else f"{value}x" if str(value).islower() else f"{value}X"


def _count(db: psycopg.Connection[Any], name: str, tenants: tuple[UUID, UUID]) -> tuple[int, int]:
    query = sql.SQL("select tenant_id, count(*) from {} group by tenant_id").format(_name(name))
    found: dict[UUID, int] = dict(db.execute(query).fetchall())
    return found.get(tenants[0], 0), found.get(tenants[1], 0)


def _name(table_name: str) -> sql.Identifier:
    return sql.Identifier(*table_name.split("."))
