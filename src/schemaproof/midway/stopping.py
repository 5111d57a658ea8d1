"""Stops a run from outside while one of its statements is at work: cancelled, or its server process killed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from schemaproof.database import Database
from schemaproof.errors import SchemaproofError, ServerError

__all__ = ["GATE", "PAUSE", "Stop", "cancel", "stopped_building", "stopped_in_pause"]

PAUSE = "select pg_catalog.pg_sleep(3600)"
"""A statement during which a run can be stopped."""
_KEY = int.from_bytes(b"schmidwy", "big")
GATE = f"select pg_catalog.pg_advisory_lock({_KEY})"
"""A statement that a run cannot pass before there is something to wait for behind it."""
_WAITS = "select 1 from pg_catalog.pg_locks where pid = %s and not granted and locktype = %s"
_SLEEPS = "select 1 from pg_catalog.pg_stat_activity where pid = %s and wait_event = 'PgSleep' and query = %s"
_PAUSE_SECONDS = 0.002
_LIMIT_SECONDS = 60.0

Run = Callable[[], object]
Stop = Callable[[psycopg.Connection[Any], int], object]
"""Ends what a server process does, from another connection."""


class _Runner(threading.Thread):
    """Runs something on a connection of its own, and keeps the refusal that ends it."""

    def __init__(self, connection: psycopg.Connection[Any], run: Run) -> None:
        super().__init__(daemon=True)
        self.pid = connection.info.backend_pid
        self.error: SchemaproofError | psycopg.Error | None = None
        self._run = run

    def run(self) -> None:
        try:
            self._run()
        except (SchemaproofError, psycopg.Error) as error:
            self.error = error

    def reaches(self, watcher: psycopg.Connection[Any], query: str, *values: object) -> bool:
        """Wait until the run is where the query finds it; False: it has ended before."""
        until = time.monotonic() + _LIMIT_SECONDS
        while self.is_alive():
            if watcher.execute(query.encode(), (self.pid, *values)).fetchone():
                return True
            if time.monotonic() > until:
                watcher.execute("select pg_catalog.pg_terminate_backend(%s)", (self.pid,))
                raise ServerError(
                    "a migration does not get to where it is to be interrupted",
                    remedy="Look what it waits for: schemaproof has no other session in that database.",
                )
            time.sleep(_PAUSE_SECONDS)
        return False


def cancel(watcher: psycopg.Connection[Any], pid: int) -> None:
    """Cancel what the process does, as a time limit or a person would."""
    watcher.execute("select pg_catalog.pg_cancel_backend(%s)", (pid,))


def stopped_building(database: Database, connection: psycopg.Connection[Any], run: Run, stop: Stop) -> bool:
    """Stop a run in the middle of building an index concurrently; `run` passes GATE before it does.

    Another session holds a snapshot, as any long query does; the build waits for it with the index made, filled, and
    not yet valid ("Building Indexes Concurrently" in the manual's page on CREATE INDEX). Return whether it got there.
    """
    with (
        closing(database.connect()) as watcher,
        closing(database.connect(autocommit=False)) as reader,
        _started(connection, run) as runner,
    ):
        watcher.execute("select pg_catalog.pg_advisory_lock(%s)", (_KEY,))
        runner.start()
        runner.reaches(watcher, _WAITS, "advisory")
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select 1")
        watcher.execute("select pg_catalog.pg_advisory_unlock(%s)", (_KEY,))
        if reached := runner.reaches(watcher, _WAITS, "virtualxid"):
            stop(watcher, runner.pid)
            runner.join(_LIMIT_SECONDS)
    return reached


def stopped_in_pause(database: Database, connection: psycopg.Connection[Any], run: Run, stop: Stop) -> bool:
    """Stop a run in its PAUSE; return whether it got there."""
    with closing(database.connect()) as watcher, _started(connection, run) as runner:
        runner.start()
        if reached := runner.reaches(watcher, _SLEEPS, PAUSE):
            stop(watcher, runner.pid)
            runner.join(_LIMIT_SECONDS)
    return reached


@contextmanager
def _started(connection: psycopg.Connection[Any], run: Run) -> Iterator[_Runner]:
    runner = _Runner(connection, run)
    yield runner
    runner.join(_LIMIT_SECONDS)
