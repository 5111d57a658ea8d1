"""The connection that migrations run on: idle, in UTF-8, and put back to how it came between files."""

from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg import pq, sql

from schemaproof.errors import OutageError, UsageError
from schemaproof.migrations.failure import shown
from schemaproof.migrations.script import Script
from schemaproof.platform import Unseen

__all__ = ["Origin", "is_idle", "lost", "refuse_busy", "speak_utf8", "told_lost"]

_SETTINGS = "select name, setting from pg_catalog.pg_settings where source = 'session' and context = 'user'"
_APPLY = """
    select pg_catalog.set_config(name, value, false)
    from unnest(%s::text[], %s::text[]) as setting (name, value)
"""
# A long statement then ends within a second of its runner's death, and the lock with it.
_WATCH = "set client_connection_check_interval to '1s'"


@dataclass(frozen=True)
class Origin:
    """How a connection came: what it has SET, and the role it took on.

    Args:
        settings: name and value of what was set in the session before the migrations.
        roles: commands that take on the role again, for the file that gives it up (RESET ROLE); none when the
            session is that of the user who logged in.
        unseen: what of the database is emulated so that statements have to be adapted to it.
    """

    settings: tuple[tuple[str, str], ...]
    roles: tuple[sql.Composed, ...]
    unseen: Unseen = field(default_factory=Unseen)

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> "Origin":
        """Return how `connection` comes."""
        return cls(tuple(connection.execute(_SETTINGS).fetchall()), _roles(connection), Unseen.of(connection))

    def restore(self, connection: psycopg.Connection[Any]) -> None:
        """Undo what files have SET for the session, by RESET ALL as the Supabase CLI does; roles stay."""
        connection.execute("reset all")
        if self.settings:
            names, values = zip(*self.settings, strict=True)
            connection.execute(_APPLY, (list(names), list(values)))
        speak_utf8(connection)

    def watched(self, connection: psycopg.Connection[Any]) -> "Origin":
        """Have the server look every second whether the runner is still there, where its system can."""
        try:
            connection.execute(_WATCH)
        except psycopg.errors.InvalidParameterValue:
            return self
        return replace(self, settings=(*self.settings, ("client_connection_check_interval", "1000")))


def refuse_busy(connection: psycopg.Connection[Any]) -> None:
    """Refuse a connection that is inside a transaction: every file is a transaction of its own."""
    if not connection.autocommit or not is_idle(connection):
        raise UsageError(
            "migrations need a connection in autocommit that is not inside a transaction",
            remedy="Connect with autocommit=True, and end the transaction first.",
        )


def is_idle(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the connection is there and waits for a command outside of any transaction."""
    return connection.info.transaction_status == pq.TransactionStatus.IDLE


def speak_utf8(connection: psycopg.Connection[Any]) -> None:
    """Make the server read what is sent as UTF-8, so that its positions count characters of the file."""
    if connection.info.parameter_status("client_encoding") != "UTF8":
        connection.execute("set client_encoding to 'UTF8'")


def lost(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the connection to the server is gone."""
    return connection.closed or connection.info.transaction_status == pq.TransactionStatus.UNKNOWN


def told_lost(script: Script, error: psycopg.Error) -> OutageError:
    """Say that the server went away during `script`."""
    return OutageError(
        f"the connection was lost while {shown(script.path)} ran: {str(error).strip()}",
        remedy="Look with `schemaproof migrate status` whether it was recorded: an unfinished transaction is undone.",
    )


def _roles(connection: psycopg.Connection[Any]) -> tuple[sql.Composed, ...]:
    row = connection.execute("select session_user::text, current_user::text").fetchone()
    assert row is not None
    session, current = row
    commands = []
    if session != connection.info.user:
        commands.append(sql.SQL("set session authorization {}").format(sql.Identifier(session)))
    if current != session:
        commands.append(sql.SQL("set role {}").format(sql.Identifier(current)))
    return tuple(commands)
