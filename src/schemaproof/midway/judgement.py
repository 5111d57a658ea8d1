"""From what an interruption came to, to findings: whether a second run mends it, and how to write the file so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemaproof.catalogue import Difference, render
from schemaproof.findings import Finding, Level, Location
from schemaproof.midway.passage import Passage
from schemaproof.midway.points import Point, trivial
from schemaproof.midway.trial import Outcome
from schemaproof.migrations import MigrationError, Statement
from schemaproof.migrations.failure import shown
from schemaproof.migrations.plan import builds_concurrently, plan

__all__ = ["Judge"]

_CHECK = "interruption"
_SHOWN = 12


@dataclass(frozen=True)
class Judge:
    """Judges the outcomes of one passage.

    Args:
        passage: what was interrupted.
        cause: what interrupted it, in words.
        commits: the statement that ends the runner's transaction by itself, where one does.
    """

    passage: Passage
    cause: str = "a failure"
    commits: Statement | None = None

    def findings(self, outcomes: Iterable[Outcome]) -> list[Finding]:
        """Judge them; of those of one key the heaviest stays, of equal ones the first."""
        best: dict[str, Finding] = {}
        for outcome in outcomes:
            for finding in self._of(outcome):
                known = best.get(finding.key)
                if known is None or finding.level.outweighs(known.level):
                    best[finding.key] = finding
        return list(best.values())

    def set_back(self, sequence: str) -> Finding:
        """Tell of a sequence that a failed run leaves behind where it was: it gives out numbers that are taken."""
        return self._finding(
            "sequence",
            sequence,
            f"a failing run of the {self._file} leaves the sequence {sequence} set back: it is outside of transactions",
            f"Write `alter sequence {sequence} restart with …` in place of setval(): that is undone with the rest.",
            level=Level.WARNING,
            line=1,
        )

    def _of(self, outcome: Outcome) -> Iterator[Finding]:
        if outcome.error:
            yield self._again(outcome, outcome.error)
        broken = [found for found in outcome.differences if _is_invalid(found)]
        for found in broken:
            yield self._invalid(outcome, found)
        if other := [found for found in outcome.differences if found not in broken]:
            yield self._different(outcome, other)
        for table, (wanted, held) in outcome.uneven.items():
            yield self._uneven(outcome, table, wanted, held)

    def _again(self, outcome: Outcome, error: MigrationError) -> Finding:
        """A file that stops over its own remains.

        An error, where a statement that ended well stands in the way of a later one that may fail. A warning, where
        nothing stands in the way but the very build that was interrupted, or nothing but the entry was missing: the
        file is of the form that every guide gives, and the second run says loudly what is wrong.
        """
        point = outcome.point
        own = point.stopped is not None and error.statement == point.stopped.sql
        light = self.commits is None and (own or trivial(point.stopped))
        return self._finding(
            "again",
            self.passage.migration.version,
            f"after {self._when(point)} the {self._file} cannot be run again: "
            f"line {error.line} stops over what is there ({error.sqlstate})",
            self._remedy(error.statement, own=own),
            level=Level.WARNING if light else Level.ERROR,
            line=error.line,
            detail=f"{_left(outcome)}\nrun again:\n{error.message}",
        )

    def _invalid(self, outcome: Outcome, found: Difference) -> Finding:
        name, stopped = found.key.name, outcome.point.stopped
        rebuilt = stopped is not None and stopped.sql[:7].lower() == "reindex"
        return self._finding(
            "invalid",
            name,
            f"after {self._when(outcome.point)} a second run of the {self._file} ends well and leaves the index "
            f"{name} INVALID",
            f"Put `drop index concurrently if exists {name};` before it"
            + ("." if rebuilt else ", and take out IF NOT EXISTS."),
            level=Level.WARNING if rebuilt else Level.ERROR,
            line=stopped.line if stopped else 1,
            detail=_left(outcome),
        )

    def _different(self, outcome: Outcome, differences: list[Difference]) -> Finding:
        return self._finding(
            "differs",
            str(differences[0].key),
            f"after {self._when(outcome.point)} a second run of the {self._file} makes something else: "
            f"{differences[0].key}",
            "Write each statement so that it may run twice, or let the file be one transaction.",
            line=self._line(outcome.point),
            detail=f"{_left(outcome)}\nrun again, against an uninterrupted run:\n{render(differences[:_SHOWN])}",
        )

    def _uneven(self, outcome: Outcome, table: str, wanted: int, held: int) -> Finding:
        return self._finding(
            "twice",
            table,
            f"after {self._when(outcome.point)} a second run of the {self._file} leaves {held} rows in {table}, "
            f"not {wanted}",
            "Write what changes rows so that it may run twice (ON CONFLICT DO NOTHING, a condition), or let the file "
            "be one transaction.",
            line=self._line(outcome.point),
            detail=_left(outcome),
        )

    def _finding(
        self,
        what: str,
        name: str,
        summary: str,
        remedy: str,
        *,
        line: int,
        level: Level = Level.ERROR,
        detail: str = "",
    ) -> Finding:
        version, direction = self.passage.migration.version, self.passage.direction
        way = "" if direction == "up" else "down:"
        tail = "" if name == version else f":{name}"
        return Finding(
            _CHECK,
            name,
            summary,
            remedy,
            level=level,
            detail=detail,
            location=Location(self.passage.path, line),
            key=f"{_CHECK}:{version}:{way}{what}{tail}",
        )

    @property
    def _file(self) -> str:
        kind = "migration" if self.passage.direction == "up" else "rollback"
        return f"{kind} {shown(self.passage.path).name}"

    def _when(self, point: Point) -> str:
        return f"{self.cause} at {point.line}"

    def _line(self, point: Point) -> int:
        return self.commits.line if self.commits else point.stopped.line if point.stopped else 1

    def _remedy(self, blocker: str, *, own: bool) -> str:
        if self.commits:
            return (
                f"Take out what commits (line {self.commits.line}), or give it a file of its own, where it comes first."
            )
        builds = [each for each in self.passage.script.statements if builds_concurrently(each)]
        if own and builds:
            return "Put `drop index concurrently if exists <its name>;` before it: the file may then be run again."
        if blocker in [each.sql for each in builds]:
            return (
                "Give each CONCURRENTLY a file of its own, and put `drop index concurrently if exists <its name>;` "
                "before it."
            )
        reason = plan(self.passage.script).reason
        return (
            f"Let the file be one transaction, which it is not, since {reason}; or write the rest so that it may run "
            "twice (IF [NOT] EXISTS)."
        )


def _is_invalid(found: Difference) -> bool:
    if found.key.kind != "index":
        return False
    if found.property == "valid":
        return found.after is False
    return found.change == "added" and isinstance(found.after, dict) and found.after.get("valid") is False


def _left(outcome: Outcome) -> str:
    shown_ = render(outcome.left[:_SHOWN])
    more = len(outcome.left) - _SHOWN
    return f"left by it:\n{shown_ or 'rows, and no object'}" + (f"\n… and {more} more" if more > 0 else "")
