"""What an attacker knows of a relation: its columns, keys and policies, and which role may do what to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.surface.query import read_rows

__all__ = ["Column", "ForeignKey", "Key", "Policy", "Relation", "read_relations"]


@dataclass(frozen=True)
class Column:
    """A column and who may do what to it, by a grant on the table or on the column.

    Args:
        type: as PostgreSQL writes it, without a modifier.
        writable: an INSERT or UPDATE may name it: it is neither generated nor an identity ALWAYS.
        may: pairs of role and command (`select`, `insert`, `update`).
    """

    name: str
    type: str
    not_null: bool
    writable: bool
    may: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Key:
    """A unique index; a column is None where an expression stands.

    Args:
        made_of: the columns that its values are computed from, those behind expressions and generated columns.
        condition: the columns that the condition of a partial one reads.
    """

    name: str
    primary: bool
    columns: tuple[str | None, ...]
    made_of: tuple[str, ...]
    condition: tuple[str, ...]


@dataclass(frozen=True)
class ForeignKey:
    """Pairs of a column here and the column of `to` that it refers to; `on_delete` is pg_constraint's letter."""

    name: str
    to: str
    on_delete: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Policy:
    """A row-level security policy: `command` is `select`, …, or `all`; `public` among `roles` is everybody."""

    name: str
    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: str | None
    check: str | None

    def applies(self, command: str, roles: Iterable[str]) -> bool:
        """Tell whether it governs `command` of one who has these roles."""
        return self.command in (command, "all") and bool({"public", *roles} & set(self.roles))


@dataclass(frozen=True)
class Relation:
    """A table, view, materialised view or foreign table of the target, as an attacker finds it.

    Args:
        label: the name as PostgreSQL writes it, quoted where needed.
        kind: of pg_class: `r` table, `p` partitioned, `v` view, `m` materialised view, `f` foreign table.
        options: of the relation, such as `security_invoker=on`.
        parent: label of the table that this one is a partition or an inheritance child of.
        privileges: pairs of role and command (`select`, …, `truncate`) that a grant on the table or on one of its
            columns allows, in a schema that the role may use.
        triggers: names of the functions that its triggers call.
        definition: the query of a view.
    """

    schema: str
    name: str
    label: str
    oid: str
    kind: str
    owner: str
    row_security: bool
    forced: bool
    options: tuple[str, ...]
    parent: str | None
    partition: bool
    privileges: frozenset[tuple[str, str]]
    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    foreign_keys: tuple[ForeignKey, ...]
    policies: tuple[Policy, ...]
    triggers: tuple[str, ...]
    definition: str | None

    @property
    def identifier(self) -> sql.Identifier:
        """The name for use in a statement."""
        return sql.Identifier(self.schema, self.name)

    @property
    def is_table(self) -> bool:
        """Tell whether it holds rows of its own, or those of its partitions."""
        return self.kind in ("r", "p")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key, or of the first whole unique key; none where there is neither."""
        whole = [key for key in self.keys if not key.condition and all(key.columns)]
        return tuple(name for name in whole[0].columns if name) if whole else ()

    def has(self, column: str) -> bool:
        """Tell whether the relation has a column of this name."""
        return any(found.name == column for found in self.columns)

    def lets(self, role: str, command: str) -> bool:
        """Tell whether a grant lets `role` run `command` on it or on one of its columns."""
        return (role, command) in self.privileges

    def allowed(self, role: str, command: str) -> tuple[Column, ...]:
        """Columns that `role` may use in `command`; for a write all writable ones where it may none, to be refused."""
        fit = [found for found in self.columns if found.writable or command == "select"]
        return tuple([found for found in fit if (role, command) in found.may] or fit)


def read_relations(
    connection: psycopg.Connection, schemas: Sequence[str], roles: Sequence[str]
) -> tuple[Relation, ...]:
    """Return the relations of `schemas` that no extension owns, and what `roles` may do to each."""
    return tuple(_relation(row) for row in read_rows(connection, "relations.sql", schemas, roles))


def _relation(row: dict[str, Any]) -> Relation:
    values = {
        "options": tuple(row["options"]),
        "privileges": frozenset((role, command) for role, command in row["privileges"]),
        "columns": tuple(Column(**item | {"may": frozenset(map(tuple, item["may"]))}) for item in row["columns"]),
        "keys": tuple(_key(item) for item in row["keys"]),
        "foreign_keys": tuple(
            ForeignKey(**item | {"columns": tuple((here, there) for here, there in item["columns"])})
            for item in row["foreign_keys"]
        ),
        "policies": tuple(Policy(**item | {"roles": tuple(item["roles"])}) for item in row["policies"]),
        "triggers": tuple(row["triggers"]),
    }
    return Relation(**row | values)


def _key(item: dict[str, Any]) -> Key:
    return Key(item["name"], item["primary"], *(tuple(item[name]) for name in ("columns", "made_of", "condition")))
