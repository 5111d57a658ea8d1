"""Keeps two runners apart: an advisory lock of the session, which ends with it whatever happens."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from schemaproof.errors import ServerError
from schemaproof.migrations.connection import is_idle

__all__ = ["LOCK_KEY", "exclusive"]

LOCK_KEY = int.from_bytes(b"schemapr", "big")
"""The advisory lock's key, as `pg_advisory_lock(8314604121892155506)`: one runner a database."""

_PAUSE = 0.1
_HOLDER = """
    select activity.pid, activity.application_name, activity.backend_start
    from pg_catalog.pg_locks as lock join pg_catalog.pg_stat_activity as activity using (pid)
    where lock.locktype = 'advisory' and lock.granted and lock.objsubid = 1
      and lock.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
      and (lock.classid::bigint << 32 | lock.objid::bigint) = %s
"""


@contextmanager
def exclusive(
    connection: psycopg.Connection[Any], *, wait: float = 600.0, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of this database's migrations.

    A pooler in transaction mode (port 6543 of a Supabase project) hands each transaction to another session, so
    that the lock would be held by none: use a direct connection or one in session mode.

    Args:
        connection: a session of its own.
        wait: how long to wait for another runner, in seconds.
        on_wait: told once, in a sentence, when another runner has to be waited for.

    Raises:
        ServerError: the other one did not end in time.
    """
    _acquire(connection, wait, on_wait)
    try:
        yield
    finally:
        if is_idle(connection):
            connection.execute("select pg_catalog.pg_advisory_unlock(%s)", (LOCK_KEY,))


def _acquire(connection: psycopg.Connection[Any], wait: float, on_wait: Callable[[str], None] | None) -> None:
    """Ask again and again: waiting inside pg_advisory_lock() would hold a snapshot that CONCURRENTLY waits for."""
    end = time.monotonic() + wait
    told = False
    while not _try(connection):
        holder = _holder(connection)
        if time.monotonic() >= end:
            raise ServerError(
                f"another runner holds the migrations of this database since {wait:g} s: {holder}",
                remedy="Wait for it to end, or end its session with pg_terminate_backend().",
            )
        if on_wait and not told:
            on_wait(f"another runner is migrating this database, waiting for it: {holder}")
            told = True
        time.sleep(_PAUSE)


def _try(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("select pg_catalog.pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone()
    return row is not None and bool(row[0])


def _holder(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_HOLDER, (LOCK_KEY,)).fetchone()
    return f"process {row[0]} ({row[1] or 'no application name'}), connected at {row[2]:%H:%M:%S}" if row else "unknown"
