"""Traces migrations one after the other on one clone, each seen against the relations that were there before."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemaproof.database import Database
from schemaproof.locks.filling import fill_tables
from schemaproof.locks.model import Relation, Sizes, Trace
from schemaproof.locks.patience import Patience
from schemaproof.locks.probe import read_relations, read_rows
from schemaproof.locks.running import run_traced
from schemaproof.locks.watcher import Watcher
from schemaproof.migrations import MigrationError, up
from schemaproof.session import Session

__all__ = ["Tracer", "trace", "tracing"]


_ROWS = 2
# A procedure that commits may be called in the runner's pipeline, and not in the transaction of a trace.
_ENDS_TRANSACTIONS = ("2D000",)


class Tracer:
    """A database at a revision; the relations that it holds when the tracer is made are those that users have."""

    def __init__(self, session: Session, database: Database, *, timeout: float) -> None:
        self._session = session
        self._database = database
        self._patience = Patience(database, timeout)
        with database.connect() as connection:
            self.relations: dict[int, Relation] = read_relations(connection)
            self.rows: Sizes = read_rows(connection, self.relations.values())

    def trace(self, number: int) -> Trace:
        """Apply migration `number`, the next one; one that cannot be traced, as it calls what commits, has no steps.

        Raises:
            MigrationError: it fails or takes too long.
        """
        migration = self._session.target.history[number]
        with self._session.connect_migrator(self._database) as connection:
            try:
                steps = run_traced(connection, migration, self.relations, self._patience, Watcher(self._database))
            except MigrationError as error:
                if error.sqlstate not in _ENDS_TRANSACTIONS:
                    raise
                up(connection, self._session.target.history, to=migration.version)
                steps = ()
        return Trace(migration.version, str(migration.path), steps, self.rows)


@contextmanager
def tracing(session: Session, first: int, *, timeout: float = 60.0, filled: bool = False) -> Iterator[Tracer]:
    """Lend a tracer at the revision below migration `first` (from 0).

    Args:
        session: of the project.
        first: of the migrations that will be traced.
        timeout: seconds for a statement.
        filled: whether the tables hold some rows: what a function changes is only seen where there is something.
    """
    with session.scratch(lambda: session.at(first)) as database:
        if filled:
            with database.connect() as connection:
                fill_tables(connection, read_relations(connection).values(), _ROWS)
        yield Tracer(session, database, timeout=timeout)


def trace(session: Session, number: int, *, timeout: float = 60.0) -> Trace:
    """Trace one migration (from 0) against all that is there before it.

    Raises:
        MigrationError: it fails, or a statement takes longer than `timeout` seconds.
    """
    with tracing(session, number, timeout=timeout) as tracer:
        return tracer.trace(number)
