"""A database that goes up with the migrations, on which they fail on the way without leaving anything."""

from schemaproof.database import Database
from schemaproof.midway.footprint import Footprint, take_footprint
from schemaproof.midway.passage import Passage, Runner, passages
from schemaproof.midway.points import Point, every_point, points
from schemaproof.migrations import MigrationError
from schemaproof.session import Session

__all__ = ["Climb", "chosen_points", "second_run"]


class Climb:
    """A database that goes up with the migrations, and on which failures are tried that should leave nothing."""

    def __init__(self, session: Session, revision: int) -> None:
        self._session = session
        self._open(revision)

    def to(self, revision: int) -> None:
        """Apply what is missing below a revision."""
        history = self._session.target.history
        while self._revision < revision:
            next(passages(history, [self._revision])).complete(self._runner.connection)
            self._revision += 1

    def look(self) -> Footprint:
        """Take the database's footprint."""
        return take_footprint(self._watcher)

    def fails(self, passage: Passage, *, every: bool) -> int:
        """Have a file that is one transaction fail at its end, or everywhere; return how often it did."""
        return sum(passage.fail(self._runner, point.after) for point in chosen_points(passage, every=every))

    def again_under_psql(self, passage: Passage) -> str:
        """Run a file twice in a transaction, as `psql -1` would run it; say what a second run comes to."""
        first, second = passage.twice_in_one(self._runner)
        if first is not None:
            return f"psql -1 refuses it at line {first.line} ({first.sqlstate})"
        return second_run(second)

    def start_anew(self) -> None:
        """Take another database at the same revision: this one holds what should not be there."""
        self.close()
        self._open(self._revision)

    def close(self) -> None:
        """Drop the database."""
        self._watcher.close()
        self._runner.connection.close()
        self._session.drop(self._database)

    def _open(self, revision: int) -> None:
        self._revision = revision
        self._database: Database = self._session.at(revision)
        self._runner = Runner.of(self._session.connect_migrator(self._database))
        self._watcher = self._database.connect()


def chosen_points(passage: Passage, *, every: bool) -> tuple[Point, ...]:
    """Return where a passage is interrupted; `every`: behind each of its statements besides."""
    chosen = points(passage.script)
    return tuple(dict.fromkeys((*chosen, *every_point(passage.script)))) if every else chosen


def second_run(error: MigrationError | None) -> str:
    """Say what psql leaves that runs statement by statement, and what stopped its second run, if anything."""
    if error is None:
        return "statement by statement, a failure leaves what ran before it; a second run goes through"
    return (
        "statement by statement, a failure leaves what ran before it; "
        f"a second run stops at line {error.line} ({error.sqlstate})"
    )
