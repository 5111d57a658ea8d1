"""What an attacker knows of a function or procedure: its arguments, whose rights it runs with, who may call it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.references import References, refer, refer_plpgsql
from schemaproof.surface.query import read_rows

__all__ = ["Argument", "Routine", "read_routines"]


@dataclass(frozen=True)
class Argument:
    """An input argument; `name` is empty where it has none."""

    name: str
    type: str
    defaulted: bool


@dataclass(frozen=True)
class Routine:
    """A function or procedure in a language that can be read.

    Args:
        label: as regprocedure writes it: `public.f(uuid)`.
        definer: it runs with its owner's rights.
        bypasses: its owner is a superuser or has BYPASSRLS.
        volatility: `i` immutable, `s` stable, `v` volatile.
        result: as pg_get_function_result writes it.
        settings: such as `search_path=""`.
        bound: a body of the standard's form, whose names were resolved when it was made.
        definition: the CREATE statement of a routine in PL/pgSQL or with a bound body.
        executable_by: roles that may call it, in a schema that they may use.
    """

    schema: str
    name: str
    label: str
    procedure: bool
    owner: str
    definer: bool
    bypasses: bool
    language: str
    volatility: str
    leakproof: bool
    bound: bool
    result: str
    trigger: bool
    settings: tuple[str, ...]
    body: str
    definition: str | None
    arguments: tuple[Argument, ...]
    executable_by: frozenset[str]

    @property
    def identifier(self) -> sql.Identifier:
        """The name for use in a call."""
        return sql.Identifier(self.schema, self.name)

    @property
    def kind(self) -> str:
        """Its kind in the catalogue."""
        return "procedure" if self.procedure else "function"

    @cached_property
    def references(self) -> References:
        """What its body refers to; not readable in a language other than SQL and PL/pgSQL."""
        if self.language == "plpgsql":
            return refer_plpgsql(self.definition or "")
        if self.language == "sql":
            return refer((self.definition or "") if self.bound else self.body)
        return References(readable=False)

    @property
    def pins_path(self) -> bool:
        """Tell whether its search_path is its own and not its caller's."""
        return any(setting.startswith("search_path=") for setting in self.settings)


def read_routines(connection: psycopg.Connection, schemas: Sequence[str], roles: Sequence[str]) -> tuple[Routine, ...]:
    """Return the functions and procedures of `schemas` that no extension owns, and which of `roles` may call them."""
    return tuple(_routine(row) for row in read_rows(connection, "routines.sql", schemas, roles))


def _routine(row: dict[str, Any]) -> Routine:
    values = {
        "settings": tuple(row["settings"]),
        "arguments": tuple(Argument(*item) for item in row["arguments"]),
        "executable_by": frozenset(row["executable_by"]),
    }
    return Routine(**row | values)
