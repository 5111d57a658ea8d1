"""What a push leaves: the objects, the ledger and the rows of a database, to be held against another's."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.catalogue import Catalogue, Difference, compare, take_catalogue
from schemaproof.database import Database

__all__ = ["State", "differing", "other_objects"]

_LEDGER = "supabase_migrations.schema_migrations"
_TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname"


@dataclass(frozen=True)
class State:
    """A database as it was left; `rows` are those of the tables in `public`, as text."""

    objects: Catalogue
    ledger: list[tuple[str, str, list[str] | None]]
    rows: dict[str, list[str]]

    @classmethod
    def of(cls, database: Database) -> "State":
        with database.connect() as connection:
            return cls(take_catalogue(connection), _ledger(connection), _rows(connection))


def other_objects(theirs: State, ours: State) -> list[Difference]:
    """List the objects in which two databases differ; a job of pg_cron names the one that it is in."""
    found = compare(theirs.objects, ours.objects)
    return [each for each in found if (each.key.kind, each.property) != ("cron job", "database")]


def differing(theirs: State, ours: State) -> set[str]:
    """Say in what two databases differ: `objects`, `ledger`, `rows`."""
    found = {
        "objects": bool(other_objects(theirs, ours)),
        "ledger": theirs.ledger != ours.ledger,
        "rows": theirs.rows != ours.rows,
    }
    return {name for name, differs in found.items() if differs}


def _ledger(connection: psycopg.Connection[Any]) -> list[tuple[str, str, list[str] | None]]:
    if connection.execute("select to_regclass(%s)", (_LEDGER,)).fetchone() == (None,):
        return []
    return connection.execute(f"select version, name, statements from {_LEDGER} order by version").fetchall()


def _rows(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    query = sql.SQL("select row::text from public.{} as row order by 1")
    tables = [name for (name,) in connection.execute(_TABLES)]
    return {name: [row for (row,) in connection.execute(query.format(sql.Identifier(name)))] for name in tables}
