"""The table that says what was applied: Supabase's `supabase_migrations.schema_migrations`, shared with its CLI."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from schemaproof.errors import ServerError
from schemaproof.migrations.script import Migration

__all__ = ["LEDGER_SCHEMA", "Command", "Entry", "deletion", "ensure_ledger", "insertion", "read_ledger"]

LEDGER_SCHEMA = "supabase_migrations"
"""The schema of the ledger, which appears with the first run and stays."""

_TABLE = f"{LEDGER_SCHEMA}.schema_migrations"
_COLUMNS = """
    select count(*) = 3
    from pg_catalog.pg_attribute
    where attrelid = pg_catalog.to_regclass('supabase_migrations.schema_migrations')
      and attname in ('version', 'name', 'statements') and not attisdropped
"""
# The very statements of Supabase CLI 3.1.0, so that either finds the ledger that the other made.
_CREATE = (
    "set local lock_timeout = '4s'",
    "create schema if not exists supabase_migrations",
    f"create table if not exists {_TABLE} (version text not null primary key)",
    f"alter table {_TABLE} add column if not exists statements text[]",
    f"alter table {_TABLE} add column if not exists name text",
)


@dataclass(frozen=True)
class Entry:
    """What the ledger holds of a migration; hosted projects keep more columns, which are left alone.

    Args:
        version: of the migration.
        name: of the migration, empty where the ledger has none.
        statements: as they were run; None where whoever wrote the entry did not keep them.
    """

    version: str
    name: str
    statements: tuple[str, ...] | None


@dataclass(frozen=True)
class Command:
    """A statement with its values."""

    query: bytes
    values: tuple[object, ...]


def read_ledger(connection: psycopg.Connection[Any]) -> dict[str, Entry]:
    """Return the applied migrations by version, in order; none where there is no ledger yet."""
    with _told("read"):
        row = connection.execute(f"select pg_catalog.to_regclass('{_TABLE}') is not null").fetchone()
        if row is None or not row[0]:
            return {}
        rows = connection.execute(
            """
            select version, pg_catalog.to_jsonb(entry) ->> 'name', pg_catalog.to_jsonb(entry) -> 'statements'
            from supabase_migrations.schema_migrations as entry
            order by version collate "C"
            """
        ).fetchall()
    return {
        version: Entry(version, name or "", None if statements is None else tuple(statements))
        for version, name, statements in rows
    }


def ensure_ledger(connection: psycopg.Connection[Any]) -> None:
    """Make the ledger where there is none, or complete one of an early Supabase CLI."""
    with _told("made"):
        row = connection.execute(_COLUMNS).fetchone()
        if row is not None and row[0]:
            return
        with connection.transaction():
            for command in _CREATE:
                connection.execute(command.encode())


def insertion(migration: Migration) -> Command:
    """Return what records `migration`."""
    values = (migration.version, migration.name, migration.script.recorded)
    return Command(
        b"insert into supabase_migrations.schema_migrations(version, name, statements) values (%s, %s, %s)", values
    )


def deletion(migration: Migration) -> Command:
    """Return what takes `migration` out of the ledger."""
    return Command(b"delete from supabase_migrations.schema_migrations where version = %s", (migration.version,))


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise ServerError(
            f"the ledger {_TABLE} could not be {what}: {error.sqlstate or ''} {str(error).strip()}",
            remedy="Connect as the role that runs migrations; it must own the schema supabase_migrations, "
            "or have CREATE on the database where that is not there yet.",
        ) from error
