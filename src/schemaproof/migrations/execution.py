"""Runs one file: its statements in their transactions, the ledger's entry in the last one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import pq

from schemaproof.migrations.connection import Role, lost, told_lost
from schemaproof.migrations.failure import MigrationError, refused_by_server
from schemaproof.migrations.ledger import Command
from schemaproof.migrations.plan import Batch, Plan, plan, sheds_role
from schemaproof.migrations.script import Script
from schemaproof.migrations.statement import Statement

__all__ = ["execute"]

_CHECK_DEFERRED = "set constraints all immediate"


def execute(connection: psycopg.Connection, script: Script, record: Command) -> None:
    """Run `script` and then `record`, as `plan` says.

    Raises:
        MigrationError: the server refused a statement; its transaction is undone.
        ServerError: the connection was lost.
    """
    role = Role(connection)
    planned = plan(script)
    last = len(planned.batches) - 1
    for number, batch in enumerate(planned.batches):
        with _cleaned(connection, role):
            try:
                _run(connection, script, batch, role, record if number == last else None)
            except MigrationError as error:
                raise _with_leftovers(error, planned, number) from error.__cause__


def _run(connection: psycopg.Connection, script: Script, batch: Batch, role: Role, record: Command | None) -> None:
    if batch.alone:
        _run_alone(connection, script, batch.statements[0], role)
    else:
        _refuse_open_transaction(connection, script)
        _run_together(connection, script, batch, role, record)


def _run_alone(connection: psycopg.Connection, script: Script, statement: Statement, role: Role) -> None:
    try:
        connection.execute(statement.sql.encode())
        if role.restore and sheds_role(statement):
            connection.execute(role.restore)
    except psycopg.Error as error:
        raise _failure(connection, error, script, statement) from error


def _run_together(
    connection: psycopg.Connection, script: Script, batch: Batch, role: Role, record: Command | None
) -> None:
    """Send everything in one pipeline, which the server takes as one transaction, as the Supabase CLI does.

    Unlike in BEGIN … COMMIT, a procedure called in it may commit. Deferred constraints are checked by a statement
    of their own, since a pipeline's client does not survive an error of the commit itself.
    """
    at: list[Statement | None] = []
    cursors: list[psycopg.Cursor] = []
    try:
        with connection.pipeline():
            for statement, query, values in _commands(batch, role, record):
                at.append(statement)
                cursors.append(connection.cursor())
                cursors[-1].execute(query, values, prepare=False)
    except psycopg.Error as error:
        done = sum(1 for cursor in cursors if cursor.pgresult is not None)
        raise _failure(connection, error, script, at[done] if done < len(at) else None) from error


_Sent = tuple[Statement | None, bytes | psycopg.sql.Composed, tuple[object, ...] | None]


def _commands(batch: Batch, role: Role, record: Command | None) -> Iterator[_Sent]:
    for statement in batch.statements:
        yield statement, statement.sql.encode(), None
        if role.restore and sheds_role(statement):
            yield None, role.restore, None
    if batch.statements:
        yield None, _CHECK_DEFERRED.encode(), None
    if record:
        if role.restore:
            yield None, role.restore, None
        yield None, record.query, record.values


def _failure(
    connection: psycopg.Connection, error: psycopg.Error, script: Script, statement: Statement | None
) -> Exception:
    if lost(connection):
        return told_lost(script, error)
    remedy = ""
    if error.sqlstate == "25001":
        remedy = "Give the statement a file of its own: the Supabase CLI refuses it here too."
    return refused_by_server(error, script, statement, remedy=remedy)


def _refuse_open_transaction(connection: psycopg.Connection, script: Script) -> None:
    if connection.info.transaction_status == pq.TransactionStatus.IDLE:
        return
    raise MigrationError.at(
        script.text,
        script.path,
        len(script.text),
        "the file leaves a transaction open",
        exact=False,
        sqlstate="25001",
        remedy="End it with COMMIT, or leave out BEGIN: the runner opens a transaction of its own.",
    )


def _with_leftovers(error: MigrationError, planned: Plan, number: int) -> MigrationError:
    """Say what of a file that is no single transaction stays behind."""
    if planned.atomic or number == 0:
        return error
    error.add_remedy(
        f"The file is not one transaction, since {planned.reason}: what ran before this may be there to stay. "
        "Undo it by hand before the next try."
    )
    return error


@contextmanager
def _cleaned(connection: psycopg.Connection, role: Role) -> Iterator[None]:
    """End what a failed file left open, and put the role back on."""
    try:
        yield
    except BaseException:
        if not lost(connection):
            with suppress(psycopg.Error):
                connection.execute("rollback")
                if role.restore:
                    connection.execute(role.restore)
        raise
