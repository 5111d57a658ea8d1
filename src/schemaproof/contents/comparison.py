"""Compares two contents: which tables and columns hold something else, and in how many rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from schemaproof.contents.contents import Contents, Held, Row

__all__ = ["Change", "Kind", "compare_contents"]

_Pair = tuple[Row, Row]


class Kind(StrEnum):
    """How what is there differs from what was there."""

    GONE = "gone"  # the table or column is not there any more
    ROWS = "rows"  # rows are not there any more
    EMPTIED = "emptied"  # values are NULL
    CHANGED = "changed"  # values are others
    MOVED = "moved"  # the column holds the same values, in other rows
    FILLED = "filled"  # what was NULL holds a value; nothing that was there is lost
    ADDED = "added"  # rows are there that were not; nothing that was there is lost


@dataclass(frozen=True)
class Change:
    """One difference.

    Args:
        table: as `format('%I.%I')` writes it.
        column: its name; None: it is about whole rows, or the table.
        kind: how it differs.
        rows: in how many rows; None: that cannot be told.
        of: how many rows there were.
        about: `rows` is reckoned from a sample.
    """

    table: str
    column: str | None
    kind: Kind
    rows: int | None
    of: int
    about: bool = False

    @property
    def loses(self) -> bool:
        """Tell whether something that was there is not there any more."""
        return self.kind not in (Kind.FILLED, Kind.ADDED)

    @property
    def name(self) -> str:
        """The table, or the column with its table."""
        return f"{self.table}.{self.column}" if self.column else self.table


def compare_contents(before: Contents, after: Contents) -> tuple[Change, ...]:
    """Return what differs of what was there before; tables and columns that are new are nobody's loss."""
    return tuple(
        change for name, held in before.tables.items() for change in _of_table(name, held, after.tables.get(name))
    )


def _of_table(name: str, before: Held, after: Held | None) -> Iterator[Change]:
    if after is None:
        if before.rows:
            yield Change(name, None, Kind.GONE, before.rows, before.rows)
        return
    for column in before.columns:
        if column not in after.columns and before.values(column):
            yield Change(name, column, Kind.GONE, before.values(column), before.rows)
    common = tuple(column for column in before.columns if column in after.columns)
    if _differ(before, after, common):
        yield from _Comparison(name, before, after, common).changes()


def _differ(before: Held, after: Held, common: tuple[str, ...]) -> bool:
    if before.rows != after.rows or any(before.total(name) != after.total(name) for name in common):
        return True
    if any(before.values(name) != after.values(name) for name in common):
        return True
    if before.columns == after.columns:
        return before.whole != after.whole
    return _projected(before, common) != _projected(after, common)


def _projected(held: Held, common: tuple[str, ...]) -> Counter[Row]:
    places = [held.columns.index(name) for name in common]
    projected: Counter[Row] = Counter()
    for row, count in held.sample.values():
        projected[tuple(row[place] for place in places)] += count
    return projected


@dataclass(frozen=True)
class _Comparison:
    """Two states of one table that differ, looked at row by row as far as they were sampled."""

    name: str
    before: Held
    after: Held
    common: tuple[str, ...]

    def changes(self) -> Iterator[Change]:
        missing = max(0, self.before.rows - self.after.rows)
        added = max(0, self.after.rows - self.before.rows)
        if self._keyed:
            missing, added = self._by_key(missing, added)
        if missing:
            yield self._change(None, Kind.ROWS, missing)
        if added:
            yield self._change(None, Kind.ADDED, added)
        columns = list(self._columns(missing, added))
        yield from columns
        if not missing and not added and not columns:
            yield Change(self.name, None, Kind.MOVED, None, self.before.rows, about=True)

    @property
    def _keyed(self) -> bool:
        """Tell whether rows can be told apart by the same key, whose values are not what changed."""
        key, before, after = self.before.key, self.before, self.after
        if not key or key != after.key or not set(key) <= set(self.common):
            return False
        return before.rows != after.rows or all(before.total(name) == after.total(name) for name in key)

    def _by_key(self, missing: int, added: int) -> tuple[int, int]:
        """How many keys are gone and how many are new; of a sample, at least what the number of rows tells."""
        gone, new = self.before.sample.keys() - self.after.sample.keys(), self.after.sample.keys() - self.before.sample
        factor = self.before.mask + 1
        return max(missing, len(gone) * factor), max(added, len(new) * factor)

    def _columns(self, missing: int, added: int) -> Iterator[Change]:
        for column in self.common:
            if change := self._by_pairs(column) if self._keyed else self._by_values(column, missing, added):
                yield change

    def _by_pairs(self, column: str) -> Change | None:
        here, there = self.before.columns.index(column), self.after.columns.index(column)
        keys = self.before.sample.keys() & self.after.sample.keys()
        values = ((self.before.sample[key][0][here], self.after.sample[key][0][there]) for key in keys)
        differing = [(old, new) for old, new in values if old != new]
        lost = [(old, new) for old, new in differing if old is not None]
        if not differing:
            return self._unsampled(column)
        if not lost:
            return self._column(column, Kind.FILLED, len(differing))
        if all(new is None for _, new in lost):
            return self._column(column, Kind.EMPTIED, len(lost))
        same = self._same(column) and self.before.rows == self.after.rows
        return self._column(column, Kind.MOVED if same else Kind.CHANGED, len(lost))

    def _unsampled(self, column: str) -> Change | None:
        """Of a column that differs in rows that were not sampled."""
        if not self.before.mask or self.before.rows != self.after.rows or self._same(column):
            return None
        return Change(self.name, column, Kind.CHANGED, None, self.before.rows, about=True)

    def _by_values(self, column: str, missing: int, added: int) -> Change | None:
        """Without a key: by how often each value is there, less the rows that are gone or new."""
        old, new = self._count(self.before, column), self._count(self.after, column)
        lost, gained = (old - new), (new - old)
        values = lost.total() - lost[None]
        if values > missing:
            emptied = gained.total() - gained[None] == 0
            return self._column(column, Kind.EMPTIED if emptied else Kind.CHANGED, values - missing)
        if lost[None] > missing:
            return self._column(column, Kind.FILLED, lost[None] - missing)
        return None if missing or added else self._unsampled(column)

    def _count(self, held: Held, column: str) -> Counter[int | None]:
        place, counted = held.columns.index(column), Counter[int | None]()
        for row, count in held.sample.values():
            counted[row[place]] += count
        return counted

    def _same(self, column: str) -> bool:
        return self.before.total(column) == self.after.total(column)

    def _column(self, column: str, kind: Kind, rows: int) -> Change:
        return self._change(column, kind, min(self.before.rows, rows * (self.before.mask + 1)))

    def _change(self, column: str | None, kind: Kind, rows: int) -> Change:
        return Change(self.name, column, kind, rows, self.before.rows, about=self.before.mask > 0)
