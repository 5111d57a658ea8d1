"""Rows written and read: statements, and what the server holds afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from schemaproof.rows.draft import Assignment
from schemaproof.rows.filling import Connection
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.structure import Table

__all__ = ["Astray", "Insertion", "Stored", "insert", "literal", "quoted", "read_rows", "selected", "stored"]


class Astray(Exception):  # noqa: N818 - no error, a row in the wrong place
    """The row went into another partition than the wanted one."""


@dataclass(frozen=True)
class Stored:
    """A row as the server holds it."""

    place: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class Insertion:
    """A statement, and where in it each column's value stands."""

    text: str
    positions: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, table: Table, values: Assignment) -> "Insertion":
        """Write the INSERT; columns left to their default are left out."""
        given = {name: value for name, value in values.items() if value is not DEFAULT}
        returning = " returning " + ", ".join(selected(table))
        if not given:
            return cls(f"insert into {table.label} default values{returning}", ())
        text = f"insert into {table.label} ({', '.join(map(quoted, given))}) values ("
        positions = []
        for name, value in given.items():
            positions.append((len(text), name))
            text += literal(value) + ", "
        return cls(text[:-2] + ")" + returning, tuple(positions))

    def column_at(self, position: int) -> str | None:
        """Return the column whose value stands at a character of the statement, counted from 1."""
        before = [name for start, name in self.positions if start < position]
        return before[-1] if before else None


def insert(connection: Connection, statement: Insertion, table: Table, *, leaf: int | None = None) -> Stored | None:
    """Insert a row; what is raised leaves the surrounding savepoint to be rolled back.

    Args:
        connection: a superuser's, in a savepoint.
        statement: the INSERT.
        table: its table.
        leaf: the only partition in which the row is wanted; None: any.

    Returns:
        The row; None where a trigger swallowed it.

    Raises:
        Astray: the row went into another partition.
        psycopg.Error: the server refused it.
    """
    row = connection.execute(statement.text.encode()).fetchone()
    if row and leaf is not None and not row[0].startswith(f"{leaf}("):
        raise Astray
    return stored(table, row) if row else None


def read_rows(connection: Connection, table: Table, limit: int) -> list[Stored]:
    """Return the rows of a table."""
    query = f"select {', '.join(selected(table))} from {table.label} limit {limit}"  # noqa: S608 - quoted by format()
    return [stored(table, row) for row in connection.execute(query.encode()).fetchall()]


def stored(table: Table, row: tuple[Any, ...]) -> Stored:
    """Return a row that was read with `selected`."""
    return Stored(row[0], dict(zip((column.name for column in table.columns), row[1:], strict=True)))


def selected(table: Table) -> Iterator[str]:
    """Yield what a row's place and values are read with."""
    yield "tableoid::text || ctid::text"
    for column in table.columns:
        yield f"{quoted(column.name)}::text"


def quoted(name: str) -> str:
    """Return an identifier."""
    return sql.Identifier(name).as_string(None)


def literal(value: object) -> str:
    """Return a literal."""
    return sql.Literal(value).as_string(None).strip()
