"""The proof: every migration and rollback is made to fail where something could stay, and is run again where it did."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from schemaproof.database import Database
from schemaproof.findings import Finding
from schemaproof.midway.footprint import Footprint, take_footprint
from schemaproof.midway.judgement import Judge
from schemaproof.midway.passage import Passage, passages
from schemaproof.midway.points import Point, every_point, points
from schemaproof.midway.trial import Trials, fail
from schemaproof.migrations import MigrationError
from schemaproof.migrations.ledger import ensure_ledger
from schemaproof.migrations.plan import plan
from schemaproof.session import Session

__all__ = ["Midway", "Proof", "prove_interruptions"]


@dataclass(frozen=True)
class Midway:
    """What a reviewer should know of a file that may be interrupted.

    Args:
        version: of the migration.
        direction: `up` or `down`.
        statements: how many it has.
        transactions: in how many the runner runs it, its ledger's entry included.
        reason: why it is not one; empty where it is.
        failures: how many interruptions were carried out.
        under_psql: what a failure leaves where psql runs the file instead of the runner; empty for a rollback.
        sequences: those that a failure leaves elsewhere, since they are outside of transactions.
    """

    version: str
    direction: str
    statements: int
    transactions: int
    reason: str
    failures: int
    under_psql: str = ""
    sequences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What was found, and of each file what to know."""

    findings: tuple[Finding, ...]
    files: tuple[Midway, ...]

    @property
    def failures(self) -> int:
        """How many interruptions were carried out."""
        return sum(found.failures for found in self.files)


def prove_interruptions(session: Session, numbers: Sequence[int], *, every: bool = False) -> Proof:
    """Interrupt migrations, and their rollbacks, and look at what stays.

    A file that is one transaction fails once, at its end, where it has done all that it can: whatever stays of a failure behind
    an earlier statement stays of this one too, since a rollback takes back the rows of all statements or of none, and nothing
    takes back what acts outside of transactions. All files share one database that goes up with them, as long
    as its footprint stays the same over each failure. Where it does not, or a file is several transactions, each
    interruption has a clone, and the file is run again there.

    Args:
        session: the server and the history.
        numbers: places in the history, from 0, without gaps.
        every: have every file fail behind each of its statements: what the argument above saves.
    """
    findings: list[Finding] = []
    files: list[Midway] = []
    with closing(_Climb(session, numbers[0])) as climb:
        by_start: dict[int, list[Passage]] = {}
        for passage in passages(session.target.history, numbers):
            by_start.setdefault(passage.start, []).append(passage)
        for revision, found in sorted(by_start.items()):
            climb.to(revision)
            for each in _Revision(session, climb, every=every).proved(found):
                findings += each[0]
                files.append(each[1])
    return Proof(tuple(findings), tuple(files))


class _Climb:
    """A database that goes up with the migrations, and on which failures are tried that should leave nothing."""

    def __init__(self, session: Session, revision: int) -> None:
        self._session = session
        self._open(revision)

    def to(self, revision: int) -> None:
        """Apply what is missing below a revision."""
        history = self._session.target.history
        while self._revision < revision:
            next(passages(history, [self._revision])).complete(self._connection)
            self._revision += 1

    def look(self) -> Footprint:
        """Take the database's footprint."""
        return take_footprint(self._watcher)

    def fails(self, passage: Passage, *, every: bool) -> int:
        """Have a file that is one transaction fail at its end, or everywhere; return how often it did."""
        return sum(passage.fail(self._connection, point.after) for point in _points(passage, every=every))

    def again_under_psql(self, passage: Passage) -> str:
        """Run a file twice in a transaction, as `psql -1` would run it; say what a second run comes to."""
        first, second = passage.twice_in_one(self._connection)
        if first is not None:
            return f"psql -1 refuses it at line {first.line} ({first.sqlstate})"
        return _second_run(second)

    def start_anew(self) -> None:
        """Take another database at the same revision: this one holds what should not be there."""
        self.close()
        self._open(self._revision)

    def close(self) -> None:
        """Drop the database."""
        self._watcher.close()
        self._connection.close()
        self._session.drop(self._database)

    def _open(self, revision: int) -> None:
        self._revision = revision
        self._database: Database = self._session.at(revision)
        self._connection = self._session.connect_migrator(self._database)
        self._watcher = self._database.connect()
        ensure_ledger(self._connection)


class _Revision:
    """What starts from one revision: the way up from it, and the way down from it."""

    def __init__(self, session: Session, climb: _Climb, *, every: bool) -> None:
        self._session = session
        self._climb = climb
        self._every = every

    def proved(self, found: Sequence[Passage]) -> Iterator[tuple[list[Finding], Midway]]:
        """Prove each passage."""
        atomic = [passage for passage in found if plan(passage.script).atomic]
        told = self._together(atomic)
        for passage in found:
            if passage in atomic:
                yield told[passage]
            else:
                yield self._apart(passage)

    def _together(self, atomic: Sequence[Passage]) -> dict[Passage, tuple[list[Finding], Midway]]:
        before = self._climb.look()
        facts = {passage: self._failed(passage) for passage in atomic}
        after = self._climb.look()
        if before.same_rows(after):
            moved = bool(before.moved(after))
            return {passage: self._sequences(passage, fact) if moved else ([], fact) for passage, fact in facts.items()}
        self._climb.start_anew()
        return {passage: (self._sought(passage), fact) for passage, fact in facts.items()}

    def _failed(self, passage: Passage) -> Midway:
        failures = self._climb.fails(passage, every=self._every)
        up = passage.direction == "up"
        return replace(_fact(passage, failures), under_psql=self._climb.again_under_psql(passage) if up else "")

    def _sequences(self, passage: Passage, fact: Midway) -> tuple[list[Finding], Midway]:
        """Find the sequences that a failure leaves elsewhere; further on does no harm."""
        before = self._climb.look()
        self._climb.fails(passage, every=False)
        moved = before.moved(self._climb.look())
        findings = [Judge(passage).set_back(name) for name, further in moved.items() if not further]
        return findings, replace(fact, sequences=tuple(moved))

    def _sought(self, passage: Passage) -> list[Finding]:
        """Find what stays of a file that should be one transaction, and from which statement on."""
        trials = Trials(self._session, passage, fail)
        statements = passage.script.statements
        last = first = trials.at(Point(len(statements), None))
        low, high = 0, len(statements)
        while last.stays and high - low > 1:
            middle = (low + high) // 2
            outcome = trials.at(Point(middle, statements[middle]))
            low, high, first = (low, middle, outcome) if outcome.stays else (middle, high, first)
        return Judge(passage, commits=statements[high - 1]).findings([first, last]) if last.stays else []

    def _apart(self, passage: Passage) -> tuple[list[Finding], Midway]:
        trials = Trials(self._session, passage, fail)
        chosen = _points(passage, every=self._every)
        outcomes = [trials.at(point) for point in chosen] if trials.goal is not None else []
        fact = _fact(passage, len(outcomes))
        if passage.direction == "up":
            stopped = next((outcome.error for outcome in outcomes if outcome.error), None)
            fact = replace(fact, under_psql=_second_run(stopped))
        return Judge(passage).findings(outcomes), fact


def _points(passage: Passage, *, every: bool) -> tuple[Point, ...]:
    chosen = points(passage.script)
    return tuple(dict.fromkeys((*chosen, *every_point(passage.script)))) if every else chosen


def _fact(passage: Passage, failures: int) -> Midway:
    found = plan(passage.script)
    return Midway(
        passage.migration.version,
        passage.direction,
        len(passage.script.statements),
        len(found.batches),
        found.reason,
        failures,
    )


def _second_run(error: MigrationError | None) -> str:
    if error is None:
        return "statement by statement, a failure leaves what ran before it; a second run goes through"
    return (
        "statement by statement, a failure leaves what ran before it; "
        f"a second run stops at line {error.line} ({error.sqlstate})"
    )
