"""Sees from outside which locks a backend holds while a statement runs that wants no transaction around it."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from schemaproof.database import Database
from schemaproof.locks.probe import locks_of

__all__ = ["Watcher"]

_PAUSE_SECONDS = 0.002


class Watcher:
    """Looks again and again; a lock held for less than its pause may be missed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def watching(self, pid: int, relations: Iterable[int]) -> Iterator[set[tuple[int, str]]]:
        """Lend a set of (relation, mode), which holds at the end of the block what was seen in it."""
        seen: set[tuple[int, str]] = set()
        done = threading.Event()
        with self._database.connect() as connection:

            def watch() -> None:
                while not done.wait(_PAUSE_SECONDS):
                    seen.update(locks_of(connection, pid, relations))

            thread = threading.Thread(target=watch, daemon=True)
            thread.start()
            try:
                yield seen
            finally:
                done.set()
                thread.join()
