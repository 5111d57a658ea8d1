"""What a database says of the tables that are to be filled: columns and types, keys, indexes, triggers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

__all__ = ["Column", "ForeignKey", "Index", "TableFacts", "has_rows", "identifier", "take_facts"]

_QUERY = Path(__file__).with_name("facts.sql").read_text()


@dataclass(frozen=True)
class Column:
    """A column; `base` is the type under its domains, `send` gives its binary form; CHECKs look at a `checked` one."""

    name: str
    type: str
    base: str
    send: str
    not_null: bool
    has_default: bool
    generated: bool
    checked: bool
    sequence: str | None


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key; `full` is MATCH FULL."""

    name: str
    parent: str
    columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    full: bool


@dataclass(frozen=True)
class Index:
    """An index of a table or of one of its partitions."""

    oid: int
    name: str
    unique: bool
    primary: bool
    partial: bool
    columns: tuple[str, ...]


@dataclass(frozen=True)
class TableFacts:
    """A table; `always_triggers` are those that fire for a role in replica mode too."""

    name: str
    partitioned: bool
    columns: Mapping[str, Column]
    foreign_keys: tuple[ForeignKey, ...]
    indexes: tuple[Index, ...]
    always_triggers: tuple[str, ...]


def identifier(name: str) -> sql.Identifier:
    """Return a table's name, `schema.table`, quoted."""
    return sql.Identifier(*name.split(".", 1))


def has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    """Tell whether a table holds a row."""
    query = sql.SQL("select exists (select from {})").format(identifier(table))
    return connection.execute(query).fetchone() == (True,)


def take_facts(connection: psycopg.Connection[Any], schemas: Sequence[str]) -> Mapping[str, TableFacts]:
    """Return the tables of some schemas by their names, `schema.table`; partitions are parts of theirs."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_QUERY, {"schemas": list(schemas)}).fetchall()
    return {row["name"]: _facts(row) for row in rows}


def _facts(row: Mapping[str, Any]) -> TableFacts:
    return TableFacts(
        name=row["name"],
        partitioned=row["relkind"] == "p" or row["has_children"],
        columns={each["name"]: Column(**each) for each in row["columns"]},
        foreign_keys=tuple(ForeignKey(**_tuples(each)) for each in row["foreign_keys"]),
        indexes=tuple(Index(**_tuples(each)) for each in row["indexes"]),
        always_triggers=tuple(row["always_triggers"]),
    )


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
