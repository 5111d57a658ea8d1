"""Runs one file: its statements in their transactions, the ledger's entry in the last one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from schemaproof.errors import OutageError
from schemaproof.migrations.connection import Origin, is_idle, lost, told_lost
from schemaproof.migrations.failure import MigrationError, refused_by_server
from schemaproof.migrations.ledger import Command
from schemaproof.migrations.plan import Batch, Plan, builds_concurrently, plan, sheds_role
from schemaproof.migrations.script import Script
from schemaproof.migrations.statement import Statement
from schemaproof.server import outage_of

__all__ = ["CHECK_DEFERRED", "execute"]

# Inside a block, since the server warns of a bare SET CONSTRAINTS in the implicit transaction of a pipeline.
CHECK_DEFERRED = b"do $$ begin set constraints all immediate; end $$"
_CHUNK = 1 << 18
_ENDED = "57014"
_MORE_TIME = (
    "If it needs that long, allow it more time: `schemaproof gate --timeout SECONDS`; elsewhere, the statement_timeout "
    "of the role that runs it."
)
_Sent = tuple[Statement | None, bytes | sql.Composed, tuple[object, ...] | None]


def execute(connection: psycopg.Connection[Any], origin: Origin, script: Script, record: Command) -> None:
    """Run `script` and then `record`, in the transactions that `plan` gives them.

    Raises:
        MigrationError: the server refused a statement; its transaction is undone.
        OutageError: the connection was lost, or the server failed otherwise.
    """
    planned = plan(script)
    outside = connection.info.transaction_status
    for number, batch in enumerate(planned.batches):
        is_last = number == len(planned.batches) - 1
        with _cleaned(connection, origin), _leftovers_told(planned, number):
            if batch.alone:
                _run_alone(connection, origin, script, batch.statements[0])
                continue
            if connection.info.transaction_status != outside:
                raise _open_transaction(script)
            ends = outside == TransactionStatus.IDLE
            commands = list(_commands(batch, origin, record if is_last else None, ends=ends))
            if any(statement.rows is not None for statement in batch.statements):
                _run_in_turn(connection, script, commands)
            else:
                _run_together(connection, script, commands)


def _run_alone(connection: psycopg.Connection[Any], origin: Origin, script: Script, statement: Statement) -> None:
    try:
        _run(connection.cursor(), statement, origin.unseen.adapted(statement.sql).encode(), None)
        if sheds_role(statement):
            for command in origin.roles:
                connection.execute(command)
    except psycopg.Error as error:
        raise _failure(connection, error, script, statement) from error


def _run_together(connection: psycopg.Connection[Any], script: Script, commands: list[_Sent]) -> None:
    """Send everything in one pipeline, which the server takes as one transaction, as the Supabase CLI does.

    Unlike in BEGIN … COMMIT, a procedure called in it may commit. Deferred constraints are checked by a command
    of their own, since a pipeline's client does not survive an error of the commit itself.
    """
    cursors = [connection.cursor() for _ in commands]
    error: psycopg.Error | None = None
    try:
        with connection.pipeline():
            error = _send(cursors, commands)
    except psycopg.Error as late:
        error = error or late
    if error:
        done = sum(1 for cursor in cursors if cursor.pgresult is not None)
        statement, query, _ = commands[min(done, len(commands) - 1)]
        raise _failure(connection, error, script, statement, query) from error


def _run_in_turn(connection: psycopg.Connection[Any], script: Script, commands: list[_Sent]) -> None:
    """Run everything one after the other in a transaction: a pipeline cannot hold the rows of a COPY."""
    with connection.transaction():
        for statement, query, values in commands:
            try:
                _run(connection.cursor(), statement, query, values)
            except psycopg.Error as error:
                raise _failure(connection, error, script, statement, query) from error


def _run(
    cursor: psycopg.Cursor[Any],
    statement: Statement | None,
    query: bytes | sql.Composed,
    values: tuple[object, ...] | None,
) -> None:
    if statement is None or statement.rows is None:
        cursor.execute(query, values)
        return
    with cursor.copy(query) as copy:
        for start in range(0, len(statement.rows), _CHUNK):
            copy.write(statement.rows[start : start + _CHUNK].encode())


def _send(cursors: list[psycopg.Cursor[Any]], commands: list[_Sent]) -> psycopg.Error | None:
    """Queue the commands; return the error when the server refuses one before all are sent.

    An error raised inside the pipeline's block would make psycopg warn of those behind it.
    """
    try:
        for cursor, (_, query, values) in zip(cursors, commands, strict=True):
            cursor.execute(query, values, prepare=False)
    except psycopg.Error as error:
        return error
    return None


def _commands(batch: Batch, origin: Origin, record: Command | None, *, ends: bool) -> Iterator[_Sent]:
    """Yield what is sent, with the file's statement that it comes from; `ends`: a transaction of their own ends it."""
    for statement in batch.statements:
        yield statement, origin.unseen.adapted(statement.sql).encode(), None
        if sheds_role(statement):
            yield from ((None, command, None) for command in origin.roles)
    if ends and batch.statements:
        yield None, CHECK_DEFERRED, None
    if record:
        yield from ((None, command, None) for command in origin.roles)
        yield None, record.query, record.values


def _failure(
    connection: psycopg.Connection[Any],
    error: psycopg.Error,
    script: Script,
    statement: Statement | None,
    query: bytes | sql.Composed = b"",
) -> Exception:
    if lost(connection):
        return told_lost(script, error)
    refusal = refused_by_server(error, script, statement, remedy=_remedy(error.sqlstate, statement, query))
    if error.sqlstate == _ENDED:
        refusal.add_remedy(_MORE_TIME)
    if outage_of(error):
        return OutageError(refusal.message, remedy="The server is at fault, not the file: look at its disk and memory.")
    return refusal


def _remedy(sqlstate: str | None, statement: Statement | None, query: bytes | sql.Composed) -> str:
    if statement is None:
        if query == CHECK_DEFERRED:
            return "A deferred constraint found it when the file was through."
        return "The file itself ran: it is its entry in the ledger that was refused, so it was undone."
    if sqlstate == "25P01":
        return "Write BEGIN before it and COMMIT behind it: the runner's transaction is one of a pipeline."
    if sqlstate == "25001":
        return "Give the statement a file of its own: the Supabase CLI refuses it here too."
    if builds_concurrently(statement):
        return "It may have left an INVALID index of that name: drop it before the next try."
    return ""


def _open_transaction(script: Script) -> MigrationError:
    return MigrationError.at(
        script.text,
        script.path,
        len(script.text),
        "the file leaves a transaction open",
        exact=False,
        sqlstate="25001",
        remedy="End it with COMMIT, or leave out BEGIN: the runner opens a transaction of its own.",
    )


@contextmanager
def _leftovers_told(planned: Plan, number: int) -> Iterator[None]:
    """Say what of a file that is no single transaction may stay behind when it fails at batch `number`."""
    try:
        yield
    except MigrationError as error:
        if number and not planned.atomic:
            error.add_remedy(
                f"The file is not one transaction, since {planned.reason}: what ran before this may be there to stay. "
                "Undo it by hand before the next try."
            )
        raise


@contextmanager
def _cleaned(connection: psycopg.Connection[Any], origin: Origin) -> Iterator[None]:
    """End what a failed file left open, and take the role on again."""
    try:
        yield
    except BaseException:
        if not lost(connection):
            with suppress(psycopg.Error):
                if not is_idle(connection):
                    connection.execute("rollback")
                for command in origin.roles:
                    connection.execute(command)
        raise
