"""The state of a connection that migrations run on: idle, in UTF-8, reset between files as the Supabase CLI does."""

import psycopg
from psycopg import pq, sql

from schemaproof.errors import ServerError, UsageError
from schemaproof.migrations.failure import shown
from schemaproof.migrations.script import Script

__all__ = ["Role", "lost", "refuse_busy", "reset", "speak_utf8", "told_lost"]


def refuse_busy(connection: psycopg.Connection) -> None:
    """Refuse a connection that is inside a transaction: every file is a transaction of its own."""
    if not connection.autocommit or connection.info.transaction_status != pq.TransactionStatus.IDLE:
        raise UsageError(
            "migrations need a connection in autocommit that is not inside a transaction",
            remedy="Connect with autocommit=True, and end the transaction first.",
        )


def speak_utf8(connection: psycopg.Connection) -> None:
    """Make the server read what is sent as UTF-8, so that its positions count characters of the file."""
    if connection.info.parameter_status("client_encoding") != "UTF8":
        connection.execute("set client_encoding to 'UTF8'")


def reset(connection: psycopg.Connection) -> None:
    """Undo what an earlier file SET for the session; role and session authorization stay."""
    connection.execute("reset all")
    speak_utf8(connection)
    try:
        # A long statement then ends within a second of its runner's death, and the lock with it.
        connection.execute("set client_connection_check_interval to '1s'")
    except psycopg.errors.InvalidParameterValue:
        return  # the server's operating system cannot tell


def lost(connection: psycopg.Connection) -> bool:
    """Return whether the connection to the server is gone."""
    return connection.closed or connection.info.transaction_status == pq.TransactionStatus.UNKNOWN


def told_lost(script: Script, error: psycopg.Error) -> ServerError:
    """Say that the server went away during `script`."""
    return ServerError(
        f"the connection was lost while {shown(script.path)} ran: {str(error).strip()}",
        remedy="Look with `schemaproof migrate status` whether it was recorded: an unfinished transaction is undone.",
    )


class Role:
    """The role that migrations run as, where SET ROLE gave it: a file that says RESET ROLE must not shed it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        row = connection.execute("select session_user::text, current_user::text").fetchone()
        assert row is not None
        session, current = row
        self.restore = None if session == current else sql.SQL("set role {}").format(sql.Identifier(current))
