"""Moves a database forward and back, a file at a time, under the lock and with the ledger kept."""

from collections.abc import Sequence
from typing import Any

import psycopg

from schemaproof.migrations.execution import execute
from schemaproof.migrations.ledger import deletion, ensure_ledger, insertion
from schemaproof.migrations.run import OnStep, OnWait, run_of, told
from schemaproof.migrations.script import Migration
from schemaproof.migrations.selection import to_apply, to_revert
from schemaproof.migrations.syntax import check_scripts

__all__ = ["down", "up"]


def up(
    connection: psycopg.Connection[Any],
    migrations: Sequence[Migration],
    *,
    to: str | None = None,
    include_all: bool = False,
    on_step: OnStep | None = None,
    on_wait: OnWait | None = None,
) -> tuple[Migration, ...]:
    """Apply what the ledger does not list, in order, and return it.

    Args:
        connection: in autocommit, as the role that runs migrations; its settings are reset (RESET ALL).
        migrations: all of the project's.
        to: the last version to apply; BEFORE_FIRST applies nothing.
        include_all: apply also what is older than the newest applied migration, as `supabase db push --include-all`.
        on_step: told before and after each migration.
        on_wait: told when another runner has to be waited for.

    Raises:
        MigrationError: a file is refused; what came before it stays, it itself is undone.
        UsageError: `to` is no version, or the ledger and the files do not fit together.
        ServerError: the connection was lost, or another runner did not end.
    """
    with run_of(connection, on_wait) as (origin, applied):
        pending = to_apply(migrations, applied, to, include_all=include_all)
        check_scripts(connection, (migration.script for migration in pending))
        if pending:
            ensure_ledger(connection)
        for migration in pending:
            with told(on_step, migration, "apply"):
                origin.restore(connection)
                execute(connection, origin, migration.script, insertion(migration))
    return pending


def down(
    connection: psycopg.Connection[Any],
    migrations: Sequence[Migration],
    *,
    to: str | None = None,
    lose_data: bool = False,
    on_step: OnStep | None = None,
    on_wait: OnWait | None = None,
) -> tuple[Migration, ...]:
    """Revert migrations with their rollbacks, newest first, and return them.

    Args:
        connection: as for `up`.
        migrations: all of the project's.
        to: the version to stand at afterwards; BEFORE_FIRST reverts all; None reverts the newest one.
        lose_data: revert also what is marked irreversible, where it has a rollback.
        on_step: told before and after each migration.
        on_wait: told when another runner has to be waited for.

    Raises:
        MigrationError: a rollback is refused by the server.
        UsageError: a migration has no rollback or is irreversible (then nothing is reverted); `to` is not applied.
        ServerError: the connection was lost, or another runner did not end.
    """
    with run_of(connection, on_wait) as (origin, applied):
        reverted = to_revert(migrations, applied, to, lose_data=lose_data)
        check_scripts(connection, (migration.undo for migration in reverted if migration.undo))
        for migration in reverted:
            assert migration.undo is not None, migration.path
            with told(on_step, migration, "revert"):
                origin.restore(connection)
                execute(connection, origin, migration.undo, deletion(migration))
    return reverted
