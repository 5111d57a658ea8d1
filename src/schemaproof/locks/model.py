"""What a trace holds: per statement, what it locked, rewrote, read and wrote of the relations there before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["ACCESS_EXCLUSIVE", "BLOCKS_WRITERS", "Build", "Held", "Relation", "Sizes", "Step", "Trace", "hardest"]

ACCESS_EXCLUSIVE = "AccessExclusiveLock"
# The modes that conflict with ROW EXCLUSIVE, which every INSERT, UPDATE and DELETE takes (the manual's table 13.2).
BLOCKS_WRITERS = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", ACCESS_EXCLUSIVE)
_HARDNESS = {mode: number for number, mode in enumerate(BLOCKS_WRITERS)}

# Rows by relation, for those of which something is known.
Sizes: TypeAlias = "dict[str, int]"


@dataclass(frozen=True)
class Relation:
    """A relation that was there before: its oid, its name as it was then, its kind as in `pg_class.relkind`."""

    oid: int
    name: str
    kind: str


@dataclass(frozen=True)
class Held:
    """A lock on a relation.

    Args:
        relation: a table, view or materialised view that was there before.
        mode: as pg_locks writes it.
        line: of the statement that took it.
        milliseconds: from that statement's start to its transaction's end, on the traced database.
    """

    relation: str
    mode: str
    line: int
    milliseconds: float = 0.0


@dataclass(frozen=True)
class Build:
    """An index that a statement built on a relation that was there before."""

    relation: str
    index: str


@dataclass(frozen=True)
class Step:
    """One statement.

    Args:
        line: in the file.
        sql: its beginning.
        operations: what it does, in its order: `add column`, `set not null`, `update`.
        target: the relation that it is about, if it names one; of one that was there before, the name it had then.
        milliseconds: how long it took on the traced database, whatever that holds.
        taken: locks that it took; ACCESS SHARE is left out.
        held: locks that its transaction held already, of those that stop writers.
        rewritten: relations copied into a new file.
        scanned: relations read whole.
        written: relations of which rows were inserted, updated or deleted, or might have been.
        built: indexes built.
        lock_timeout: whether a limit was set while it ran.
        alone: it ran outside of any transaction, so that locks were seen from outside, as far as they lasted.
    """

    line: int
    sql: str
    operations: tuple[str, ...]
    target: str | None
    milliseconds: float
    taken: tuple[Held, ...] = ()
    held: tuple[Held, ...] = ()
    rewritten: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    built: tuple[Build, ...] = ()
    lock_timeout: bool = False
    alone: bool = False

    def locked(self, *modes: str) -> tuple[Held, ...]:
        """Return the locks of some modes that are held while it runs, its own first."""
        return tuple(lock for lock in (*self.taken, *self.held) if lock.mode in modes)


@dataclass(frozen=True)
class Trace:
    """One migration, statement by statement; `rows` are those that the traced database held, where it held many."""

    version: str
    path: str
    steps: tuple[Step, ...]
    rows: Sizes

    @property
    def touched(self) -> tuple[str, ...]:
        """Relations that were there before and that it locked, in order."""
        return tuple(dict.fromkeys(lock.relation for step in self.steps for lock in step.taken))

    def line_of(self, relation: str) -> int:
        """Return the line of the statement that locked a relation hardest, the last of several; 1 where none did."""
        taken = [lock for step in self.steps for lock in step.taken if lock.relation == relation]
        found = hardest(reversed(taken))
        return found.line if found else 1


def hardest(locks: Iterable[Held]) -> Held | None:
    """Return the lock that stops most, the first of several; None of none."""
    return max(locks, key=lambda lock: _HARDNESS.get(lock.mode, -1), default=None)
