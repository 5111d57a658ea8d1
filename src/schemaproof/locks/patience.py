"""Ends a statement that takes too long, and says what it waited for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from schemaproof.database import Database
from schemaproof.locks.probe import Connection

__all__ = ["Patience"]

_WAITS = """
    select format('%%s on %%s', l.mode, coalesce(l.relation::regclass::text, l.locktype)),
        coalesce(left(b.query, 120), '')
    from pg_catalog.pg_locks as l
    left join pg_catalog.pg_stat_activity as b on b.pid = any (pg_catalog.pg_blocking_pids(l.pid))
    where l.pid = %s and not l.granted
    limit 1
"""


class Patience:
    """How long a statement may take on `database`; `told` says what ended the last one."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self.told = ""

    @contextmanager
    def with_(self, connection: Connection) -> Iterator[None]:
        """Cancel what `connection` runs in this block once the time is over."""
        self.told = ""
        timer = threading.Timer(self._seconds, self._end, (connection,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _end(self, connection: Connection) -> None:
        waited = self._waited_for(connection.info.backend_pid)
        self.told = (
            f"It was ended after {self._seconds:g} s{waited}. If it needs that long, give --timeout more seconds."
        )
        connection.cancel_safe(timeout=10)

    def _waited_for(self, pid: int) -> str:
        try:
            with self._database.connect() as watcher:
                row = watcher.execute(_WAITS, (pid,)).fetchone()
        except psycopg.Error:
            return ""
        return f", in which it waited for {row[0]}, held by: {row[1]}" if row else ""
