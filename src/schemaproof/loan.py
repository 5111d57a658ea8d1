"""One database and connection lent to test after test, each in a transaction that is rolled back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from schemaproof.database import Database
from schemaproof.errors import UsageError
from schemaproof.session import Session

__all__ = ["Loan"]

# A setting made with SET LOCAL is gone when the transaction it was made in has ended.
_MARK = "schemaproof.lent"


class Loan:
    """A clone that `make` gives, whose transactions are rolled back; a new one is made when a test broke the rule."""

    def __init__(self, session: Session, make: Callable[[], Database]) -> None:
        self._session = session
        self._make = make
        self._database: Database | None = None
        self._connection: psycopg.Connection | None = None

    @property
    def database(self) -> Database:
        """The database that is lent now."""
        if self._database is None:
            self._database = self._make()
        return self._database

    @contextmanager
    def lend(self) -> Iterator[psycopg.Connection]:
        """Lend the connection, in a transaction of its own.

        Raises:
            UsageError: the borrower ended the transaction, so that what it did may have stayed.
        """
        connection = self._connect()
        connection.execute(f"set local {_MARK} = 'yes'")  # begins the transaction
        try:
            yield connection
        finally:
            intact = self._database is None or _is_intact(connection)
            if not connection.closed:
                connection.rollback()
            if not intact:
                self._give_up(drop=True)
        if not intact:
            raise UsageError(
                "the test ended the transaction of `db` (a commit, a rollback, or it closed the connection)",
                remedy="Use the fixture `fresh_db` for what must commit: it is a database of the test's own.",
            )

    def keep(self) -> None:
        """Leave the database as the test left it, for a look; the next test gets a new one."""
        assert self._connection is not None
        if self._connection.info.transaction_status is TransactionStatus.INTRANS:
            self._connection.commit()
        self._give_up(drop=False)

    def close(self) -> None:
        """Drop the database."""
        self._give_up(drop=True)

    def _connect(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = self.database.connect(autocommit=False)
        return self._connection

    def _give_up(self, *, drop: bool) -> None:
        if self._connection is not None:
            self._connection.close()
        if drop and self._database is not None:
            self._session.drop(self._database)
        self._connection = self._database = None


def _is_intact(connection: psycopg.Connection) -> bool:
    """Tell whether the transaction that was lent is still open; one that failed can only be rolled back."""
    if connection.closed:
        return False
    status = connection.info.transaction_status
    if status is TransactionStatus.INERROR:
        return True
    if status is not TransactionStatus.INTRANS:
        return False
    row = connection.execute(f"select current_setting('{_MARK}', true) = 'yes'").fetchone()
    return bool(row and row[0])
