"""One interruption on a database of its own: what it leaves, and what running the file again makes of that."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from schemaproof.catalogue import Catalogue, Difference, compare
from schemaproof.database import Database
from schemaproof.midway.footprint import Footprint, take_footprint
from schemaproof.midway.passage import Interrupted, Passage, Runner
from schemaproof.midway.points import Point
from schemaproof.midway.sight import see
from schemaproof.midway.stopping import GATE, cancel, stopped_building
from schemaproof.migrations import MigrationError
from schemaproof.migrations.ledger import ensure_ledger
from schemaproof.session import Session

__all__ = ["Goal", "Interrupt", "Outcome", "Trials", "fail"]

Interrupt = Callable[[Session, Database, Passage, Point], bool]
"""Runs a passage so that it is interrupted at a point; tells whether it got there."""
Unchanged = Callable[[Footprint, Footprint], bool]


@dataclass(frozen=True)
class Goal:
    """What a passage starts from and comes to when nothing interrupts it.

    Args:
        before: the catalogue where it starts.
        after: the catalogue where it ends.
        rows: how many rows each table holds then.
    """

    before: Catalogue
    after: Catalogue
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What an interruption came to.

    Args:
        point: where it was.
        reached: whether it came to be: a build that IF NOT EXISTS passes over cannot be cancelled.
        stays: whether anything was left; the place of a sequence does not count.
        left: objects that it left, took away or changed.
        error: what the second run died of; None where it ended well, or was not needed.
        differences: what the second run made otherwise than an uninterrupted one.
        uneven: tables that hold another number of rows then, with both numbers: as it should be, and as it is.
    """

    point: Point
    reached: bool
    stays: bool
    left: tuple[Difference, ...] = ()
    error: MigrationError | None = None
    differences: tuple[Difference, ...] = ()
    uneven: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class Trials:
    """The interruptions of one passage, each on a clone."""

    def __init__(
        self,
        session: Session,
        passage: Passage,
        interrupt: Interrupt,
        *,
        unchanged: Unchanged = Footprint.same_rows,
    ) -> None:
        self._session = session
        self._passage = passage
        self._interrupt = interrupt
        self._unchanged = unchanged

    @cached_property
    def goal(self) -> Goal | None:
        """What the passage comes to; None where it fails by itself, which is for others to tell."""
        with self._session.scratch(self._start) as database, closing(database.connect()) as watcher:
            before = see(watcher)
            try:
                self._complete(database)
            except MigrationError:
                return None
            return Goal(before, see(watcher), take_footprint(watcher).rows)

    def at(self, point: Point) -> Outcome:
        """Interrupt the passage there, and run it again if that has left anything."""
        with self._session.scratch(self._start) as database:
            with closing(database.connect()) as watcher:
                before = take_footprint(watcher)
            reached = self._interrupt(self._session, database, self._passage, point)
            with closing(database.connect()) as watcher:
                after = take_footprint(watcher)
                if self._unchanged(before, after):
                    return Outcome(point, reached, stays=False)
                found = see(watcher)
            return replace(self._again(database, point, found), reached=reached)

    def _again(self, database: Database, point: Point, found: Catalogue) -> Outcome:
        goal = self.goal
        if goal is None:
            return Outcome(point, True, stays=True)
        left = compare(goal.before, found)
        try:
            self._complete(database)
        except MigrationError as error:
            return Outcome(point, True, stays=True, left=left, error=error)
        with closing(database.connect()) as watcher:
            differences = compare(goal.after, see(watcher))
            rows = take_footprint(watcher).rows
        uneven = {name: (count, rows.get(name, 0)) for name, count in goal.rows.items() if rows.get(name, 0) != count}
        return Outcome(point, True, stays=True, left=left, differences=differences, uneven=uneven)

    def _start(self) -> Database:
        database = self._session.at(self._passage.start)
        with closing(self._session.connect_migrator(database)) as connection:
            ensure_ledger(connection)
        return database

    def _complete(self, database: Database) -> None:
        with closing(self._session.connect_migrator(database)) as connection:
            self._passage.complete(connection)


def fail(session: Session, database: Database, passage: Passage, point: Point) -> bool:
    """Interrupt a passage by a failing statement, or by cancelling the statement itself."""
    with closing(session.connect_migrator(database)) as connection:
        if point.by:
            return passage.fail(Runner.of(connection), point.after, point.by)
        script = Interrupted.of(passage.script, point.after, GATE)
        return stopped_building(database, connection, partial(passage.run, Runner.of(connection), script), cancel)
