"""Where a file can fail so that something of it stays: the places at which its interruption is tried."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from schemaproof.midway.passage import FAILURE, FAILURE_ALONE
from schemaproof.migrations import Script, Statement
from schemaproof.migrations.plan import Plan, builds_concurrently, plan

__all__ = ["Point", "every_point", "points", "trivial"]

_BEGINS = re.compile(r"(?:begin|start\s+transaction)\b", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:commit|end|abort|prepare\s+transaction)\b|rollback\b(?!\s+(?:(?:work|transaction)\s+)?to\b)", re.IGNORECASE
)
# What may act outside of its transaction, short of what a function's body hides.
_OUTSIDE = re.compile(r"^call\b|^do\b.*\bcommit\b|\bdblink|\bcopy\b.*\bprogram\b", re.IGNORECASE | re.DOTALL)
# What leaves nothing that a second run could stumble over, and does not fail by itself where the rest went through.
_TRIVIAL = re.compile(
    r"(?:set|reset|comment|notify|show|analyze|vacuum|commit|end|select\s+(?:pg_catalog\.)?(?:set_config|pg_notify))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Point:
    """A place in a file.

    Args:
        after: how many of its statements have run.
        stopped: the statement that does not end well; None: the ledger's entry.
        by: what is put in there; empty: the statement itself is cancelled while it waits.
    """

    after: int
    stopped: Statement | None
    by: str = FAILURE

    @property
    def line(self) -> str:
        """Where that is, in words."""
        return f"line {self.stopped.line}" if self.stopped else "the ledger's entry, behind the last statement,"


def points(script: Script) -> tuple[Point, ...]:
    """Return where the interruption of a file that is no single transaction can leave something.

    Within a transaction it does not matter behind which statement it fails: a rollback takes back what all of them
    wrote, so that it is enough to fail at its end, where it has done all that it could. What acts outside of its
    transaction (a sequence, a procedure that commits, another connection) is seen there too, since no failure takes it
    back. Only a later statement that acts outside as well could; so a file fails behind each that may. Besides, there
    is a place before each statement that runs alone, and one within it where it builds an index.
    """
    found = plan(script)
    if found.atomic:
        return (*_outside(script), Point(len(script.statements), None))
    alone = [batch.alone or not batch.statements for batch in found.batches]
    chosen = _one_by_one(script) if all(alone) else _batched(found)
    return tuple(dict.fromkeys(chosen))


def every_point(script: Script) -> tuple[Point, ...]:
    """Return all places between two statements, to hold `points` against."""
    statements = script.statements
    return tuple(Point(k, statements[k] if k < len(statements) else None) for k in range(len(statements) + 1))


def trivial(statement: Statement | None) -> bool:
    """Tell whether a statement is one that hardly fails and that may run twice; the ledger's entry (None) is."""
    return statement is None or _TRIVIAL.match(statement.sql) is not None


def _outside(script: Script) -> Iterator[Point]:
    for place, (statement, after) in enumerate(pairwise(script.statements), 1):
        if _OUTSIDE.search(statement.sql):
            yield Point(place, after)


def _batched(found: Plan) -> Iterator[Point]:
    done = 0
    for batch in found.batches:
        end = done + len(batch.statements)
        if batch.alone:
            yield from _alone(done, batch.statements[0])
        else:
            first = next((each for each in batch.statements if not trivial(each)), None)
            yield Point(end, first)
        done = end


def _alone(before: int, statement: Statement) -> Iterator[Point]:
    if before:
        yield Point(before, statement, FAILURE_ALONE)
    if builds_concurrently(statement):
        yield Point(before, statement, "")


def _one_by_one(script: Script) -> Iterator[Point]:
    """Yield a place before each COMMIT, and one behind each statement that is outside of the file's transactions."""
    begun: Statement | None = None
    for place, statement in enumerate(script.statements):
        if begun is None:
            if place:
                yield Point(place, statement)
            if builds_concurrently(statement):
                yield Point(place, statement, "")
            begun = statement if _BEGINS.match(statement.sql) else None
        elif _ENDS.match(statement.sql):
            yield Point(place, begun)
            begun = None
    yield Point(len(script.statements), None)
