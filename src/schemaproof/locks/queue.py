"""A long reader, the migration's DDL behind it, and a new reader behind that: who waits for whom, told by pg_locks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from schemaproof.database import Database
from schemaproof.errors import ServerError
from schemaproof.locks.model import ACCESS_EXCLUSIVE, Trace
from schemaproof.locks.probe import Connection
from schemaproof.locks.tracing import trace
from schemaproof.migrations import MigrationError, up
from schemaproof.session import Session

__all__ = ["Queue", "queue_behind"]

_PATIENCE_SECONDS = 60.0
_WAITS = "select exists (select from pg_catalog.pg_locks where pid = %s and not granted)"


@dataclass(frozen=True)
class Queue:
    """What happened behind a long reader of `relation`.

    Args:
        relation: it.
        line: of the statement that wants ACCESS EXCLUSIVE on it.
        reader_waited: a new reader was seen waiting behind the migration.
        gave_up: the migration ended with 55P03 while the long reader was still there.
        reader_went_on: the new reader had its answer while the long reader was still there.
    """

    relation: str
    line: int
    reader_waited: bool
    gave_up: bool
    reader_went_on: bool


def queue_behind(
    session: Session, number: int, *, traced: Trace | None = None, lock_timeout: str | None = None
) -> Queue | None:
    """Run migration `number` (from 0) behind a long reader; None where it wants no table for itself.

    Args:
        session: of the project.
        number: of the migration, on a database at the revision below it.
        traced: its trace, if there is one already.
        lock_timeout: what the database's default is to be, `'200ms'` say; the file's own setting goes before it.
    """
    found = _first_exclusive(traced or trace(session, number))
    if found is None:
        return None
    relation, line, limited = found
    with session.scratch(lambda: session.at(number)) as database, database.connect() as connection:
        if lock_timeout:
            setting = sql.SQL("alter database {} set lock_timeout = {}")
            connection.execute(setting.format(sql.Identifier(database.name), sql.Literal(lock_timeout)))
        return _play(session, database, number, relation, line, ends=bool(lock_timeout) or limited)


def _first_exclusive(traced: Trace) -> tuple[str, int, bool] | None:
    """Return relation and line of the first ACCESS EXCLUSIVE lock, and whether the wait for it is limited."""
    for step in traced.steps:
        for lock in step.taken:
            if lock.mode == ACCESS_EXCLUSIVE:
                return lock.relation, step.line, step.lock_timeout
    return None


def _play(session: Session, database: Database, number: int, relation: str, line: int, *, ends: bool) -> Queue:
    read = f"select from {relation} limit 1".encode()
    version = session.target.history[number].version
    with (
        database.connect() as watcher,
        database.connect(autocommit=False) as long,
        database.connect() as new,
        session.connect_migrator(database) as migrator,
    ):
        _lock(long, relation)
        migration = _Doing(migrator, lambda each: up(each, session.target.history, to=version))
        _until(lambda: migration.waits(watcher) or migration.ended)
        reader = _Doing(new, lambda each: each.execute(read))
        _until(lambda: reader.waits(watcher) or reader.ended)
        waited = not reader.ended
        if ends:  # by itself, at its limit
            _until(lambda: migration.ended and reader.ended)
        told = Queue(relation, line, waited, _gave_up(migration.error), reader.ended)
        long.rollback()
        _until(lambda: migration.ended and reader.ended)
    return told


def _lock(connection: Connection, relation: str) -> None:
    """Hold what a query holds as long as its transaction lasts."""
    connection.execute(f"select from {relation} limit 1".encode())


def _gave_up(error: BaseException | None) -> bool:
    return isinstance(error, MigrationError) and error.sqlstate == "55P03"


class _Doing:
    """What a connection does on a thread of its own."""

    def __init__(self, connection: Connection, do: Callable[[Connection], object]) -> None:
        self.error: BaseException | None = None
        self._pid = connection.info.backend_pid
        self._thread = threading.Thread(target=self._run, args=(connection, do), daemon=True)
        self._thread.start()

    def _run(self, connection: Connection, do: Callable[[Connection], object]) -> None:
        try:
            do(connection)
        except (MigrationError, psycopg.Error) as error:
            self.error = error

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def waits(self, watcher: Connection) -> bool:
        """Tell whether it waits for a lock."""
        row = watcher.execute(_WAITS, (self._pid,)).fetchone()
        return bool(row and row[0])


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise ServerError(
                f"neither a wait nor an end was seen within {_PATIENCE_SECONDS:g} s",
                remedy="Look at the server's load.",
            )
        time.sleep(0.005)
