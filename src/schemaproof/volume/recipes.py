"""What a model says of a column: for which rows which recipe holds. Plain records; `sampling` carries them out."""

from dataclasses import dataclass, field

from schemaproof.volume.document import Key

__all__ = [
    "Arrival",
    "Call",
    "Case",
    "Choice",
    "Constant",
    "Copy",
    "FromPool",
    "Guard",
    "Nth",
    "Number",
    "Recipe",
    "Serial",
    "Size",
    "Template",
    "TemplatePart",
    "Uuid",
]


@dataclass(frozen=True)
class Size:
    """A number that grows with the main table: `share` of its rows, within bounds."""

    share: float = 0.0
    at_least: int = 0
    at_most: int | None = None

    def of(self, main_rows: int) -> int:
        """Return the number where the main table has `main_rows`."""
        found = max(round(self.share * main_rows), self.at_least)
        return found if self.at_most is None else min(found, self.at_most)


@dataclass(frozen=True)
class Constant:
    """The same for every row: a text as the server reads it, a whole number, or NULL."""

    value: str | int | None


@dataclass(frozen=True)
class Choice:
    """One of some values, each with its share."""

    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class FromPool:
    """One of a pool's values; with `skew` the first of them more often.

    `together`: all columns of a row that say so take the value of the same place in their pools; each place in turn,
    where there are enough of them.
    """

    pool: str
    skew: float = 0.0
    together: bool = False


@dataclass(frozen=True)
class TemplatePart:
    """A text, or the digits of a number: of the row's, of a random one, or of another column's."""

    text: str = ""
    source: str = ""
    alphabet: str = "d"
    width: int = 0


@dataclass(frozen=True)
class Template:
    """A text of a fixed length."""

    parts: tuple[TemplatePart, ...]


@dataclass(frozen=True)
class Uuid:
    """A UUID of the row's own."""


@dataclass(frozen=True)
class Serial:
    """The row's number, counted from `start`."""

    start: int = 1


@dataclass(frozen=True)
class Number:
    """A whole number from `low` to `high`; with `skew` the low ones more often."""

    low: int
    high: int | Size
    skew: float = 0.0


@dataclass(frozen=True)
class Arrival:
    """A time that grows with the row's number, between two distances from the model's `until`, in microseconds."""

    first: int
    last: int


@dataclass(frozen=True)
class Copy:
    """Another column's value, of this row or of one that it refers to; a time may be moved on.

    Args:
        path: `column`, or `reference.column`.
        low: microseconds that are added at least.
        high: at most.
        future: the result may lie after the model's `until`.
    """

    path: str
    low: int = 0
    high: int = 0
    future: bool = False


@dataclass(frozen=True)
class Nth:
    """The how-manieth child of its parent the row is, from 1; with a `step`, that many steps from `until`."""

    reference: str
    step: int = 0


@dataclass(frozen=True)
class Call:
    """What a function of the project's own makes of other columns: `module:function`."""

    function: str
    columns: tuple[str, ...]


Recipe = Constant | Choice | FromPool | Template | Uuid | Serial | Number | Arrival | Copy | Nth | Call


@dataclass(frozen=True)
class Guard:
    """For which rows a case holds: all of what is said must be so.

    Args:
        when: columns with the values that they must have one of.
        given: a column that must not be NULL.
        missing: a column that must be NULL.
        younger: a time column and the microseconds before `until` that it must lie within.
        share: the share of these rows.
    """

    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    given: str | None = None
    missing: str | None = None
    younger: tuple[str, int] | None = None
    share: float = 1.0

    def paths(self) -> tuple[str, ...]:
        """Return the columns that it looks at."""
        named = [path for path, _ in self.when]
        named += [path for path in (self.given, self.missing, self.younger and self.younger[0]) if path]
        return tuple(named)


@dataclass(frozen=True)
class Case:
    """A recipe and for whom; `key` is its place in the model's file."""

    recipe: Recipe
    guard: Guard = field(default_factory=Guard)
    key: Key = ()
