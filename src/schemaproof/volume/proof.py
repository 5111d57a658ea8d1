"""Proves afterwards what the load went round: each foreign key, by looking for a row whose parent is not there."""

from typing import Any

import psycopg
from psycopg import sql

from schemaproof.volume.facts import ForeignKey, identifier

__all__ = ["find_orphan"]

_ORPHAN = sql.SQL("""
    select {columns} from {child} as c
    where {given} and not exists (select from {parent} as p where {equal})
    limit 1
""")


def find_orphan(connection: psycopg.Connection[Any], table: str, key: ForeignKey) -> str | None:
    """Return what is wrong with a row that breaks a foreign key of `table`; None where none does."""
    columns = [sql.Identifier("c", name) for name in key.columns]
    given = [sql.SQL("{} is not null").format(each) for each in columns]
    parents = [sql.Identifier("p", name) for name in key.parent_columns]
    equal = [sql.SQL("{} = {}").format(*pair) for pair in zip(parents, columns, strict=True)]
    statement = _ORPHAN.format(
        columns=sql.SQL(", ").join(columns),
        child=identifier(table),
        parent=identifier(key.parent),
        given=_all(given, key),
        equal=sql.SQL(" and ").join(equal),
    )
    row = connection.execute(statement).fetchone()
    if row is None:
        return None
    values = ", ".join(f"{name} = {value}" for name, value in zip(key.columns, row, strict=True))
    return f"{table} breaks {key.name}: no row of {key.parent} has {values}"


def _all(given: list[sql.Composed], key: ForeignKey) -> sql.Composed:
    """Return the condition of a row that must have a parent: one with any column under MATCH FULL, else with all."""
    return sql.SQL("({})").format(sql.SQL(" or " if key.full else " and ").join(given))
