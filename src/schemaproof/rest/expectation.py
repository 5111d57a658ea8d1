"""What the migrations let a visitor see: asked of the migrated database, in the terms of PostgREST."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.errors import UsageError

__all__ = ["Expectation", "Relation", "read_expectation"]

_QUERY = Path(__file__).with_name("expectation.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Relation:
    """A relation of the exposed schema.

    Args:
        listed: the role has some privilege on it, so that the OpenAPI document of a project tells it.
        columns: whether the role may read each.
    """

    listed: bool
    columns: Mapping[str, bool]

    @property
    def readable(self) -> frozenset[str]:
        """The columns that the role may read."""
        return frozenset(name for name, may in self.columns.items() if may)


@dataclass(frozen=True)
class Expectation:
    """What the migrations give to a role in one schema.

    Args:
        functions: by name, whether the role may call one of this name through PostgREST.
        of_extensions: names of functions that only extensions have.
        extensions: those in this schema, whose functions may be more on a real project.
    """

    schema: str
    role: str
    relations: Mapping[str, Relation] = field(default_factory=dict)
    functions: Mapping[str, bool] = field(default_factory=dict)
    of_extensions: frozenset[str] = frozenset()
    extensions: tuple[str, ...] = ()


def read_expectation(connection: psycopg.Connection, schema: str, role: str) -> Expectation:
    """Ask a migrated database; raises UsageError where it has no such role or schema."""
    row = connection.execute(_QUERY, {"schema": schema, "role": role}).fetchone()
    assert row is not None
    found, relations, functions, extensions = row
    if not found:
        raise UsageError(
            f"the migrated database has no role {role} or no schema {schema}",
            remedy="Give --platform supabase for a Supabase project, or name its own with --role and --schema.",
        )
    return Expectation(
        schema,
        role,
        {each["name"]: _relation(connection, schema, role, each) for each in relations},
        {each["name"]: each["listed"] for each in functions},
        frozenset(each["name"] for each in functions if each["of_extension"]),
        tuple(extensions),
    )


def _relation(connection: psycopg.Connection, schema: str, role: str, found: dict[str, Any]) -> Relation:
    """Return one as the catalogue tells it; what a view lets read depends on what it reads itself, so it is tried."""
    columns = found["columns"] or {}
    if found["is_view"]:
        name = sql.Identifier(schema, found["name"])
        columns = {column: may and _reads(connection, role, name, column) for column, may in columns.items()}
    return Relation(found["listed"], columns)


def _reads(connection: psycopg.Connection, role: str, view: sql.Identifier, column: str) -> bool:
    statement = sql.SQL("select {} from {} limit 0").format(sql.Identifier(column), view)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.Error:  # a foreign server that is not there, say: no privilege stands in the way
        return True
    return True
