"""A dry run that executes: everything pending in one transaction, which is undone at the end."""

from collections.abc import Sequence
from typing import Any

import psycopg

from schemaproof.errors import UsageError
from schemaproof.migrations.execution import CHECK_DEFERRED, execute
from schemaproof.migrations.failure import MigrationError, refused_by_server, shown
from schemaproof.migrations.ledger import ensure_ledger, insertion
from schemaproof.migrations.plan import plan
from schemaproof.migrations.run import OnStep, OnWait, run_of, told
from schemaproof.migrations.script import Migration
from schemaproof.migrations.selection import to_apply
from schemaproof.migrations.syntax import check_scripts

__all__ = ["rehearse"]

# Refusals that one transaction around everything can bring about by itself: an enum's new value used at once, a
# procedure that commits, a command that wants no transaction.
_OF_THE_REHEARSAL = ("55P04", "2D000", "25001")


def rehearse(
    connection: psycopg.Connection[Any],
    migrations: Sequence[Migration],
    *,
    to: str | None = None,
    include_all: bool = False,
    on_step: OnStep | None = None,
    on_wait: OnWait | None = None,
) -> tuple[Migration, ...]:
    """Run what `up` would apply, on the data that is there, and undo it; return it. Its locks are really taken.

    Sequences and what lies outside of the database (files, other servers) are not put back.

    Raises:
        UsageError: a migration cannot run inside a transaction; nothing was run.
        MigrationError, UsageError, ServerError: as `up`.
    """
    with run_of(connection, on_wait) as (origin, applied):
        pending = to_apply(migrations, applied, to, include_all=include_all)
        check_scripts(connection, (migration.script for migration in pending))
        _refuse_unfit(pending)
        connection.execute("begin")
        try:
            ensure_ledger(connection)
            for migration in pending:
                with told(on_step, migration, "apply"):
                    origin.restore(connection)
                    execute(connection, origin, migration.script, insertion(migration))
            _check_deferred(connection, pending)
        except MigrationError as error:
            if error.sqlstate in _OF_THE_REHEARSAL:
                error.add_remedy("This may be due to the dry run, which holds all files in one transaction.")
            raise
        finally:
            if not connection.closed:
                connection.rollback()
    return pending


def _check_deferred(connection: psycopg.Connection[Any], pending: Sequence[Migration]) -> None:
    """Check deferred constraints at the end: checked earlier, they would not be deferred for the files behind."""
    try:
        connection.execute(CHECK_DEFERRED)
    except psycopg.Error as error:
        raise refused_by_server(error, pending[-1].script, None) from error


def _refuse_unfit(pending: Sequence[Migration]) -> None:
    plans = ((migration, plan(migration.script)) for migration in pending)
    unfit = [f"{shown(migration.path)}: {found.reason}" for migration, found in plans if not found.atomic]
    if unfit:
        raise UsageError(
            "no dry run, since not everything can run inside a transaction:\n" + "\n".join(unfit),
            remedy="Try them on a server of schemaproof's own: schemaproof migrate up --server embedded.",
        )
