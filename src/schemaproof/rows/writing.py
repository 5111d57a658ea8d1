"""Rows written and read: statements, and what the server holds afterwards."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.rows.draft import Assignment
from schemaproof.rows.filling import Connection
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.structure import Table

__all__ = ["Insertion", "Stored", "Unwanted", "insert", "literal", "quoted", "read_rows"]

_BEGIN, _END = "savepoint rows_try; ", "; release savepoint rows_try"
_UNDO = "rollback to savepoint rows_try; release savepoint rows_try"


class Unwanted(Exception):  # noqa: N818 - no error, another row than the one that was asked for
    """The server took the row, but not as it was wanted; it is gone again."""

    def __init__(self, row: "Stored") -> None:
        super().__init__(row.place)
        self.row = row


@dataclass(frozen=True)
class Stored:
    """A row as the server holds it."""

    place: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class Insertion:
    """A savepoint and an INSERT in it, as one text, and where in it each column's value stands."""

    text: str
    positions: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, table: Table, values: Assignment, settings: Mapping[str, str]) -> "Insertion":
        """Write the INSERT under some settings; columns left to their default are left out."""
        given = {name: value for name, value in values.items() if value is not DEFAULT}
        text, positions = _BEGIN + _set(settings) + f"insert into {table.label} ", []
        text += f"({', '.join(map(quoted, given))}) values (" if given else "default values"
        for place, (name, value) in enumerate(given.items()):
            positions.append((len(text), name))
            text += literal(value) + (", " if place < len(given) - 1 else ")")
        return cls(f"{text} returning {', '.join(_selected(table))}", tuple(positions))

    def column_at(self, position: int) -> str | None:
        """Return the column whose value stands at a character of the text, counted from 1."""
        before = [name for start, name in self.positions if start < position]
        return before[-1] if before else None


def insert(
    connection: Connection,
    statement: Insertion,
    table: Table,
    restored: Mapping[str, str],
    accept: Callable[[Stored], bool] | None = None,
) -> Stored | None:
    """Insert a row in a savepoint, in as few round trips as can be; nothing remains of one that is refused.

    Args:
        connection: a superuser's, in a transaction.
        statement: the INSERT.
        table: its table.
        restored: settings that are as before when the row is in.
        accept: tells whether the row is as it was wanted; None: it is.

    Returns:
        The row; None where a trigger swallowed it.

    Raises:
        Unwanted: the row was not accepted.
        psycopg.Error: the server refused it.
    """
    end = "; " + _set(restored).rstrip("; ") if restored else ""
    try:
        cursor = connection.execute((statement.text + end + ("" if accept else _END)).encode(errors="replace"))
    except psycopg.Error:
        connection.execute(_UNDO)
        raise
    while not (cursor.statusmessage or "").startswith("INSERT") and cursor.nextset():
        pass
    row = cursor.fetchone() if cursor.description else None
    found = _stored(table, row) if row else None
    if accept:
        unwanted = found if found and not accept(found) else None
        connection.execute(_UNDO if unwanted else _END.removeprefix("; "))
        if unwanted:
            raise Unwanted(unwanted)
    return found


def read_rows(connection: Connection, table: Table, limit: int) -> list[Stored]:
    """Return the rows of a table."""
    query = f"select {', '.join(_selected(table))} from {table.label} limit {limit}"  # noqa: S608 - quoted by format()
    return [_stored(table, row) for row in connection.execute(query.encode()).fetchall()]


def quoted(name: str) -> str:
    """Return an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Return a literal."""
    return "null" if value is None else sql.Literal(value).as_string(None).strip()


def _selected(table: Table) -> Iterator[str]:
    """What a row's place and values are read with."""
    yield "tableoid::text || ctid::text"
    for column in table.columns:
        yield f"{quoted(column.name)}::text"


def _stored(table: Table, row: tuple[Any, ...]) -> Stored:
    return Stored(row[0], dict(zip((column.name for column in table.columns), row[1:], strict=True)))


def _set(settings: Mapping[str, str]) -> str:
    """Statements that set what is to be set until the transaction ends."""
    calls = [f"select set_config({literal(name)}, {literal(value)}, true); " for name, value in settings.items()]
    return "".join(calls)
