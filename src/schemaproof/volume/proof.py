"""Proves afterwards what the load went round: each foreign key, by looking for a row whose parent is not there."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.volume.facts import ForeignKey, TableFacts, identifier

__all__ = ["Orphan", "find_orphan", "foreign_keys_between"]


class Orphan:
    """A row whose foreign key points to nothing."""

    def __init__(self, table: str, key: ForeignKey, row: Mapping[str, Any]) -> None:
        self.table = table
        self.key = key
        self.row = row

    def __str__(self) -> str:
        values = ", ".join(f"{name} = {value}" for name, value in self.row.items())
        return f"{self.table} breaks {self.key.name}: no row of {self.key.parent} has {values}"


def foreign_keys_between(
    facts: Mapping[str, TableFacts], filled: Iterable[str]
) -> list[tuple[str, ForeignKey]]:
    """Return the foreign keys of the filled tables."""
    return [(name, key) for name in filled for key in facts[name].foreign_keys]


def find_orphan(connection: psycopg.Connection[Any], table: str, key: ForeignKey) -> Orphan | None:
    """Return a row that breaks a foreign key, or None."""
    columns = [sql.Identifier("c", name) for name in key.columns]
    pairs = zip(key.columns, key.parent_columns, strict=True)
    query = sql.SQL("select {columns} from {child} as c where {given} and not exists (select from {parent} as p where {equal}) limit 1")
    statement = query.format(
        columns=sql.SQL(", ").join(columns),
        child=identifier(table),
        parent=identifier(key.parent),
        given=sql.SQL(" or " if key.full else " and ").join(sql.SQL("{} is not null").format(each) for each in columns),
        equal=sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier("p", parent), sql.Identifier("c", child)) for child, parent in pairs
        ),
    )
    row = connection.execute(statement).fetchone()
    return None if row is None else Orphan(table, key, dict(zip(key.columns, row, strict=True)))
