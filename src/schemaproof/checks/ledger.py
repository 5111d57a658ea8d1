"""The ledger tells what was applied: it equals the files."""

from collections.abc import Iterator

import psycopg

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level, Location
from schemaproof.migrations import Migration, verify

__all__ = ["ledger"]


@check(level=Level.ERROR)
def ledger(context: Context) -> Iterator[Finding]:
    """The ledger does not say what ran, so a deployment skips a migration or runs one twice.

    Supabase's ledger (`supabase_migrations.schema_migrations`) is compared with the files after all of them were
    applied: each version once, with its name and its statements.
    """
    rows = _rows(context.connection)
    for migration in context.target.history:
        context.proved["migrations"] += 1
        if (found := rows.get(migration.version)) != migration.name:
            yield _finding(migration, f"the ledger holds {found!r} for version {migration.version}")
    for mismatch in verify(context.connection, context.target.history):
        yield Finding(
            "ledger",
            mismatch.version,
            f"version {mismatch.version} was recorded otherwise than it stands in its file",
            "Let the runner alone write the ledger.",
            detail=str(mismatch),
            location=Location(mismatch.path) if mismatch.path else None,
        )


def _rows(connection: psycopg.Connection) -> dict[str, str]:
    query = "select version, name from supabase_migrations.schema_migrations"
    return dict(connection.execute(query).fetchall())


def _finding(migration: Migration, summary: str) -> Finding:
    return Finding(
        "ledger",
        migration.version,
        summary,
        "Let the runner alone write the ledger: no migration may change supabase_migrations.",
        location=Location(migration.path),
    )
