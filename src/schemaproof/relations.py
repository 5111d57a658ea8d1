"""What an attack must know of a table: its columns, and which role may do what to it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

__all__ = ["Column", "Relation", "read_relations"]

_QUERY = Path(__file__).with_name("relations.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Column:
    """A column and the roles that may write it, by a grant on the table or on the column.

    Args:
        writable: an INSERT or UPDATE may name it: it is neither generated nor an identity ALWAYS.
    """

    name: str
    writable: bool
    insertable_by: frozenset[str]
    updatable_by: frozenset[str]


@dataclass(frozen=True)
class Relation:
    """A table or partitioned table of the target, as an attacker finds it.

    Args:
        label: the name as PostgreSQL writes it, quoted where needed.
        privileges: pairs of role and command (`select`) that a grant on the table or on one of its columns allows, in
            a schema that the role may use.
    """

    schema: str
    name: str
    label: str
    privileges: frozenset[tuple[str, str]]
    columns: tuple[Column, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """The name for use in a statement."""
        return sql.Identifier(self.schema, self.name)

    def has(self, column: str) -> bool:
        """Tell whether the table has a column of this name."""
        return any(found.name == column for found in self.columns)

    def insertable(self, role: str) -> tuple[Column, ...]:
        """Columns that `role` may give a value to in an INSERT; all of them where it may none, to be refused."""
        writable = [found for found in self.columns if found.writable]
        return tuple([found for found in writable if role in found.insertable_by] or writable)

    def updatable(self, role: str) -> tuple[Column, ...]:
        """Columns that `role` may update; all of them where it may none, to be refused."""
        writable = [found for found in self.columns if found.writable]
        return tuple([found for found in writable if role in found.updatable_by] or writable)


@dataclass(frozen=True)
class _Row:
    schema: str
    name: str
    label: str
    privileges: list[list[str]]
    columns: list[dict[str, Any]]


def read_relations(
    connection: psycopg.Connection, schemas: tuple[str, ...], roles: tuple[str, ...]
) -> tuple[Relation, ...]:
    """Return the tables of `schemas`, each with its columns in order and what `roles` may do to it."""
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(_QUERY, {"schemas": list(schemas), "roles": list(roles)}).fetchall()
    return tuple(_relation(row) for row in rows)


def _relation(row: _Row) -> Relation:
    columns = tuple(
        Column(
            column["name"],
            column["writable"],
            frozenset(column["insertable_by"]),
            frozenset(column["updatable_by"]),
        )
        for column in row.columns
    )
    privileges = frozenset((role, command) for role, command in row.privileges)
    return Relation(row.schema, row.name, row.label, privileges, columns)
