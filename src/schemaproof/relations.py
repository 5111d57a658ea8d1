"""What an attack must know of a table: its columns, who may write which, and a row of a tenant to work on."""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import class_row

__all__ = ["Column", "Relation", "read_relations"]

_QUERY = Path(__file__).with_name("relations.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Column:
    """A column, and the roles that may write it (by a grant on the table or on the column).

    Args:
        type: as PostgreSQL writes it, with its modifier.
        free: in no key, no foreign key and no unique index: a bare UPDATE of it breaks no constraint between rows.
    """

    name: str
    type: str
    writable: bool
    free: bool
    insertable_by: frozenset[str]
    updatable_by: frozenset[str]


@dataclass(frozen=True)
class Relation:
    """A table or partitioned table of the target, as an attacker finds it."""

    schema: str
    name: str
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """The name as PostgreSQL writes it, quoted where needed, in plain text."""
        return ".".join(_quoted(part) for part in (self.schema, self.name))

    @property
    def identifier(self) -> sql.Identifier:
        """The name for use in a statement."""
        return sql.Identifier(self.schema, self.name)

    def has(self, column: str) -> bool:
        """Tell whether the table has a column of this name."""
        return any(found.name == column for found in self.columns)

    def insertable(self, role: str) -> tuple[Column, ...]:
        """Columns that `role` may give a value to in an INSERT."""
        return tuple(found for found in self.columns if found.writable and role in found.insertable_by)

    def updatable(self, role: str) -> tuple[Column, ...]:
        """Columns that `role` may update, those first that no constraint between rows is about."""
        found = [column for column in self.columns if column.writable and role in column.updatable_by]
        return tuple(sorted(found, key=lambda column: not column.free))


@dataclass(frozen=True)
class _Row:
    schema: str
    table: str
    column: str
    type: str
    writable: bool
    free: bool
    insertable_by: list[str]
    updatable_by: list[str]


def read_relations(
    connection: psycopg.Connection, schemas: tuple[str, ...], roles: tuple[str, ...]
) -> tuple[Relation, ...]:
    """Return the tables of `schemas`, each with its columns in order and what `roles` may write of them."""
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(_QUERY, {"schemas": list(schemas), "roles": list(roles)}).fetchall()
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in rows:
        columns.setdefault((row.schema, row.table), []).append(
            Column(
                row.column, row.type, row.writable, row.free, frozenset(row.insertable_by), frozenset(row.updatable_by)
            )
        )
    return tuple(Relation(schema, name, tuple(found)) for (schema, name), found in columns.items())


def _quoted(name: str) -> str:
    plain = name.isidentifier() and name.isascii() and name == name.lower()
    return name if plain else '"' + name.replace('"', '""') + '"'
