"""One row before it is inserted: units of columns that are chosen together, each with its options in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Protocol

from schemaproof.rows.literals import Spot, rotated
from schemaproof.rows.options import DEFAULT, Options, Value
from schemaproof.rows.structure import ForeignKey

__all__ = ["Assignment", "ColumnUnit", "Draft", "ForeignUnit", "GuidedUnit", "Unit", "Vector"]

Assignment = dict[str, Value]


class _End(Enum):
    END = "end"


_END = _End.END
Vector = tuple[int, ...]  # which option each unit takes


class Unit(Protocol):
    """Columns whose values are chosen together."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What it gives values to."""

    @property
    def width(self) -> int:
        """How many options there are before they repeat in another guise; 1 where there is no choice."""

    @property
    def fresh(self) -> int:
        """Which step leads to a value that no row has yet."""

    def choose(self, chosen: Mapping[str, Value], index: int) -> Assignment | None:
        """Return the option at `index` beside what is chosen already; None where there is none."""


@dataclass(frozen=True)
class ColumnUnit:
    """A column that depends on no other; past its last option it begins again with another distinct value."""

    options: Options
    spot: Spot

    @property
    def columns(self) -> tuple[str, ...]:
        """Its name."""
        return (self.options.column.name,)

    @cached_property
    def _first(self) -> "_Lazy":
        return _Lazy(self.options.values(self.spot))

    @property
    def width(self) -> int:
        """Return the number of options."""
        return len(self._first.all())

    @property
    def fresh(self) -> int:
        """Return the step to the same option with another distinct value."""
        return max(1, self.width)

    def choose(self, chosen: Mapping[str, Value], index: int) -> Assignment | None:
        """Return the column's option."""
        if (value := self._first.at(index)) is not _END:
            return {self.columns[0]: value}
        salt, place = divmod(index, self.fresh)
        values = list(self.options.values(self.spot.salted(salt)))
        return {self.columns[0]: values[place]} if salt and place < len(values) else None


class _Lazy:
    """Values that are made when they are asked for: mostly it is the first."""

    def __init__(self, source: Iterator[Value]) -> None:
        self._source = source
        self._made: list[Value] = []

    def at(self, place: int) -> "Value | _End":
        """Return the value at a place, or that there is none."""
        self._made.extend(islice(self._source, max(0, place + 1 - len(self._made))))
        return self._made[place] if place < len(self._made) else _END

    def all(self) -> list[Value]:
        """Return all values."""
        self._made.extend(self._source)
        return self._made


@dataclass(frozen=True)
class GuidedUnit:
    """A column that takes keys of the world, in turn; NULL last, where it may."""

    name: str
    keys: tuple[str, ...]
    row: int
    required: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Its name."""
        return (self.name,)

    @property
    def width(self) -> int:
        """Return the number of options."""
        return len(self.keys) + (not self.required)

    @property
    def fresh(self) -> int:
        """Return the step to another key."""
        return 1

    def choose(self, chosen: Mapping[str, Value], index: int) -> Assignment | None:
        """Return the key."""
        values: list[Value] = [*rotated(self.keys, self.row), *([] if self.required else [None])]
        return {self.name: values[index]} if index < len(values) else None


@dataclass(frozen=True)
class ForeignUnit:
    """The columns of a foreign key that no unit before it gives values to.

    Args:
        key: the foreign key.
        columns: what is left to choose.
        parents: rows that may be referred to, as values of the key's parent columns; the first is most wanted.
        free: the columns that may be NULL; empty where the foreign key cannot be left out.
        null_place: at which place among the options NULL is; None: last.
        own: the row itself may be its parent.
    """

    key: ForeignKey
    columns: tuple[str, ...]
    parents: tuple[tuple[str | None, ...], ...]
    free: tuple[str, ...]
    null_place: int | None = None
    own: bool = False

    @property
    def width(self) -> int:
        """Return the number of options, at most."""
        return len(self.parents) + bool(self.free) + self.own

    @property
    def fresh(self) -> int:
        """Return the step to another parent."""
        return 1

    def choose(self, chosen: Mapping[str, Value], index: int) -> Assignment | None:
        """Return values of a parent that agrees with what is chosen already."""
        options = self._options(chosen)
        return options[index] if index < len(options) else None

    def _options(self, chosen: Mapping[str, Value]) -> list[Assignment]:
        found = [
            {name: value for name, value in pairs.items() if name in self.columns}
            for pairs in (dict(zip(self.key.columns, parent, strict=True)) for parent in self.parents)
            if all(chosen.get(name) in (None, value) for name, value in pairs.items() if name not in self.columns)
        ]
        options: list[Assignment] = [*_unique(found)]
        if set(self.free) & set(self.columns) or not self.columns:
            first = options[0] if options else {}
            left: Assignment = {name: None if name in self.free else first.get(name, DEFAULT) for name in self.columns}
            options.insert(len(options) if self.null_place is None else self.null_place, left)
        itself = self._itself(chosen) if self.own else None
        return [*options, itself] if itself else options

    def _itself(self, chosen: Mapping[str, Value]) -> Assignment | None:
        pairs = dict(zip(self.key.columns, self.key.parent_columns, strict=True))
        values = {name: chosen.get(pairs[name]) for name in self.columns}
        return None if None in values.values() or DEFAULT in values.values() else {**values}


def _unique(found: list[dict[str, str | None]]) -> Iterator[Assignment]:
    seen = set()
    for pairs in found:
        if (key := tuple(pairs.items())) not in seen:
            seen.add(key)
            yield {**pairs}


@dataclass(frozen=True)
class Draft:
    """A row to be; `row` is its number in its world."""

    units: tuple[Unit, ...]

    @property
    def start(self) -> Vector:
        """The first option of each unit."""
        return (0,) * len(self.units)

    def resolve(self, vector: Vector) -> Assignment | None:
        """Return the row's values under a choice; None where a unit has no such option."""
        chosen: Assignment = {}
        for unit, index in zip(self.units, vector, strict=True):
            choice = unit.choose(chosen, index)
            if choice is None:
                return None
            chosen |= choice
        return chosen

    def stuck(self) -> Unit | None:
        """Return the first unit that has no option at all."""
        chosen: Assignment = {}
        for unit in self.units:
            choice = unit.choose(chosen, 0)
            if choice is None:
                return unit
            chosen |= choice
        return None

    @property
    def free(self) -> frozenset[str]:
        """The columns that neither a key nor guidance decides."""
        units = (unit for unit in self.units if isinstance(unit, ColumnUnit) and not unit.options.pool)
        return frozenset(name for unit in units for name in unit.columns)

    @property
    def guided(self) -> frozenset[str]:
        """The columns that take keys of the world."""
        return frozenset(unit.name for unit in self.units if isinstance(unit, GuidedUnit))

    def about(self, columns: frozenset[str]) -> list[int]:
        """Return the places of the units that give values to any of the columns."""
        return [place for place, unit in enumerate(self.units) if columns.intersection(unit.columns)]
