"""Sees from outside which locks a backend holds while a statement runs that wants no transaction around it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from schemaproof.database import Database
from schemaproof.locks.polling import polled
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
        with self._database.connect() as connection:

            def look() -> None:
                seen.update(locks_of(connection, pid, relations))

            with polled(look, pause=_PAUSE_SECONDS):
                yield seen
