"""The proof: every migration and rollback is made to fail where something could stay, and is run again where it did."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from schemaproof.findings import Finding
from schemaproof.midway.climb import Climb, chosen_points, second_run
from schemaproof.midway.judgement import Judge
from schemaproof.midway.passage import Passage, passages
from schemaproof.midway.points import Point
from schemaproof.midway.trial import Trials, fail
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

    Files that are one transaction share one database that goes up with them, as long as its footprint stays the same
    over each failure. Where it does not, or a file is several transactions, each interruption has a clone, and the file
    is run again there. `points` says where, and why nowhere else.

    Args:
        session: the server and the history.
        numbers: places in the history, from 0, without gaps.
        every: have every file fail behind each of its statements, which `points` saves.
    """
    findings: list[Finding] = []
    files: list[Midway] = []
    if not numbers:
        return Proof((), ())
    with closing(Climb(session, numbers[0])) as climb:
        by_start: dict[int, list[Passage]] = {}
        for passage in passages(session.target.history, numbers):
            by_start.setdefault(passage.start, []).append(passage)
        for revision, found in sorted(by_start.items()):
            climb.to(revision)
            for each in _Revision(session, climb, every=every).proved(found):
                findings += each[0]
                files.append(each[1])
    return Proof(tuple(findings), tuple(files))


class _Revision:
    """What starts from one revision: the way up from it, and the way down from it."""

    def __init__(self, session: Session, climb: Climb, *, every: bool) -> None:
        self._session = session
        self._climb = climb
        self._every = every

    def proved(self, found: Sequence[Passage]) -> Iterator[tuple[list[Finding], Midway]]:
        """Prove each passage."""
        before = self._climb.look()
        for passage in found:
            if not plan(passage.script).atomic:
                yield self._apart(passage)
                continue
            fact = self._failed(passage)
            after = self._climb.look()
            if before.same_rows(after):
                yield self._sequences(passage, fact, before.moved(after))
                before = after
            else:
                yield self._sought(passage), fact
                self._climb.start_anew()
                before = self._climb.look()

    def _failed(self, passage: Passage) -> Midway:
        told = self._climb.again_under_psql(passage) if passage.direction == "up" else ""
        failures = self._climb.fails(passage, every=self._every)
        return replace(_fact(passage, failures), under_psql=told)

    @staticmethod
    def _sequences(passage: Passage, fact: Midway, moved: Mapping[str, bool]) -> tuple[list[Finding], Midway]:
        """Tell of the sequences that a failure leaves elsewhere; further on does no harm."""
        findings = [Judge(passage).set_back(name) for name, further in moved.items() if not further]
        return findings, replace(fact, sequences=tuple(moved))

    def _sought(self, passage: Passage) -> list[Finding]:
        """Find what stays of a file that should be one transaction, and from which statement on."""
        trials = Trials(self._session, passage, fail)
        outcomes = [trials.at(point) for point in chosen_points(passage, every=self._every)]
        staying = [outcome for outcome in outcomes if outcome.stays]
        if not staying:
            return []
        statements = passage.script.statements
        first, low, high = staying[0], 0, staying[0].point.after
        while high - low > 1:
            middle = (low + high) // 2
            outcome = trials.at(Point(middle, statements[middle]))
            low, high, first = (low, middle, outcome) if outcome.stays else (middle, high, first)
        return Judge(passage, commits=statements[high - 1]).findings([first, *staying])

    def _apart(self, passage: Passage) -> tuple[list[Finding], Midway]:
        trials = Trials(self._session, passage, fail)
        chosen = chosen_points(passage, every=self._every)
        outcomes = [trials.at(point) for point in chosen] if trials.goal is not None else []
        fact = _fact(passage, sum(outcome.reached for outcome in outcomes))
        if passage.direction == "up":
            stopped = next((outcome.error for outcome in outcomes if outcome.error), None)
            fact = replace(fact, under_psql=second_run(stopped))
        return Judge(passage).findings(outcomes), fact


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
