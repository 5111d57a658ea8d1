"""Which values a column may take, likeliest first: its type's, and what its checks hint at. Nothing is run here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from schemaproof.rows.hinted import hinted
from schemaproof.rows.hints import Hint, is_constant
from schemaproof.rows.literals import Spot, rotated
from schemaproof.rows.structure import Column, Type
from schemaproof.rows.values import base_of, variants

__all__ = ["ANY", "DEFAULT", "Default", "Options", "Value"]

_MOST = 40


class Default(Enum):
    """The column is left to its default."""

    DEFAULT = "default"


DEFAULT = Default.DEFAULT
Value = str | None | Default

# In a pool: any value but the pool's others.
ANY = "\0any"


@dataclass(frozen=True)
class Options:
    """The domain of one column's values.

    Args:
        types: all types, by oid.
        column: whose values.
        hint: what its checks and its type's checks say; None: it has none.
        pool: values that are wanted, in turn, before all others; in ANY's turn any but those.
        eventual: it is NULL until something happens.
        tied: a check ties it to other columns, so that NULL may be what it takes.
    """

    types: Mapping[int, Type]
    column: Column
    hint: Hint | None = None
    pool: tuple[str | None, ...] = ()
    eventual: bool = False
    tied: bool = False

    def values(self, spot: Spot) -> Iterator[Value]:
        """Yield the values for a spot, without repetitions; the first is most wanted."""
        seen: set[Value] = set()
        for value in islice(self._with_null(spot), _MOST):
            if value not in seen:
                seen.add(value)
                yield value

    def _with_null(self, spot: Spot) -> Iterator[Value]:
        place = -1 if self.column.required else self._null_place
        values = self._given(spot)
        yield from islice(values, max(0, place))
        if place >= 0:
            yield None
        yield from values

    def _given(self, spot: Spot) -> Iterator[Value]:
        if self.pool and self.pool[spot.row % len(self.pool)] == ANY:
            yield from (value for value in self._own(spot) if value not in self.pool)
        yield from (value for value in rotated(self.pool, spot.row) if value != ANY)
        constant = self._constant_default
        if constant and not (spot.row % 2 and self._closed):
            yield DEFAULT
        yield from self._own(spot)
        if self.column.default is not None:
            yield DEFAULT

    @property
    def _closed(self) -> bool:
        """Tell whether there are but few values, of which not all rows should have the same."""
        return self.base.category in "BE" or bool(self.hint and self.hint.equal)

    @property
    def _null_place(self) -> int:
        """Where among the options NULL is."""
        if self.eventual and not self.pool:
            return 0
        return max(1, len(self.pool)) if self.tied else _MOST

    @property
    def _constant_default(self) -> bool:
        """Tell whether the default gives every row the same, which is left to the server; '' tells no rows apart."""
        default = self.column.default
        return default is not None and not default.startswith("''") and is_constant(default)

    @property
    def base(self) -> Type:
        """The column's type below all domains."""
        return base_of(self.types, self.column.type)

    def _own(self, spot: Spot) -> Iterator[str]:
        plain = variants(self.types, self.column.type, self.column.typmod, spot)
        yield from hinted(self.base, self.hint, spot, plain) if self.hint else plain
