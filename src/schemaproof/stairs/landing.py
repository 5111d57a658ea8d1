"""A database that stands at a revision, and moves up and down from there."""

from collections.abc import Callable
from functools import partial

import psycopg

from schemaproof.database import Database
from schemaproof.migrations import BEFORE_FIRST, down
from schemaproof.session import Session

__all__ = ["Landing", "revert"]

# What a rollback loses on purpose is looked at as well.
revert = partial(down, lose_data=True)


class Landing:
    """A database at a revision, and one connection that looks at it: a new one would start with cold caches.

    Args:
        session: whose database it is, and whose history.
        database: it is dropped in the end.
    """

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database
        self.watcher: psycopg.Connection = database.connect()

    def move(self, how: Callable[..., object], number: int) -> None:
        """Go up or down so that `number` migrations of the history are applied; raises MigrationError."""
        history = self._session.target.history
        to = history[number - 1].version if number else BEFORE_FIRST
        with self._session.connect_migrator(self._database) as connection:
            how(connection, history, to=to)

    def close(self) -> None:
        """Drop the database."""
        self.watcher.close()
        self._session.drop(self._database)
