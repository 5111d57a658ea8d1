"""Which values a column may take, likeliest first: its type's, and what its checks hint at. No statement is run here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import pairwise

from schemaproof.rows.hints import Hint, is_constant
from schemaproof.rows.literals import Spot, array_of, variants
from schemaproof.rows.regexes import matching
from schemaproof.rows.structure import Column, Type

__all__ = ["ANY", "DEFAULT", "Default", "Options", "Value", "base_of"]

_MOST = 40
_SAMPLES = (8, 0, 30, 2)  # repetitions above the least, by sample of a regular expression


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
    """

    types: Mapping[int, Type]
    column: Column
    hint: Hint | None = None
    pool: tuple[str | None, ...] = ()
    eventual: bool = False

    def values(self, spot: Spot) -> list[Value]:
        """Return the values for a spot, without repetitions; the first is most wanted."""
        first = spot.row % len(self.pool) if self.pool else 0
        own = self._own(spot)
        if self.pool and self.pool[first] == ANY:
            return [value for value in own if value not in self.pool][:_MOST] or [DEFAULT]
        found: list[Value] = [value for value in (*self.pool[first:], *self.pool[:first]) if value != ANY]
        if self._constant_default:
            found += [DEFAULT, *own]
        else:
            found += [*own, *([DEFAULT] if self.column.default is not None else [])]
        if not self.column.required:
            found.insert(self._null_place if found else 0, None)
        return list(dict.fromkeys(found))[:_MOST]

    @property
    def _null_place(self) -> int:
        """Where among the options NULL is: where it has checks, most of them let it pass."""
        if self.eventual and not self.pool:
            return 0
        return max(1, len(self.pool)) if self.hint else _MOST

    @property
    def _constant_default(self) -> bool:
        """Tell whether the default gives every row the same, which is left to the server; '' tells no rows apart."""
        default = self.column.default
        return default is not None and not default.startswith("''") and is_constant(default)

    @property
    def base(self) -> Type:
        """The column's type below all domains."""
        return base_of(self.types, self.column.type)

    def _own(self, spot: Spot) -> list[Value]:
        plain = variants(self.types, self.column.type, self.column.typmod, spot)
        if self.hint is None:
            return [*plain]
        hinted = _HINTED.get(self._family, _hinted_others)(self.hint, spot, plain)
        return [*dict.fromkeys([*hinted, *plain])]

    @property
    def _family(self) -> str:
        base = self.base
        return base.name if base.name in ("json", "jsonb", "bytea") else base.category


def base_of(types: Mapping[int, Type], oid: int) -> Type:
    """Return a type below all domains."""
    kind = types[oid]
    while kind.kind == "d" and kind.base in types:
        kind = types[kind.base]
    return kind


def _hinted_texts(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    drawn = [found for pattern in hint.patterns for found in _samples(pattern, hint, spot)]
    likes = [prefix + spot.canary() for prefix in hint.prefixes]
    likes += [like.replace("%", spot.canary()).replace("_", "a") for like in hint.likes]
    lengths = sorted(set(hint.lengths))
    sized = [spot.canary(size) for bound in lengths for size in (bound, bound - 1, bound + 1) if 0 < size <= 10_000]
    fitting = [*plain] if not lengths or min(lengths) > 20 or len(lengths) > 1 else []
    equal = _turned(hint.equal, spot)
    usual = _usual_texts(spot) if hint.functions or hint.patterns or hint.bounds else [spot.canary().upper(), ""]
    return [*equal, *drawn, *likes, *fitting, *sized, *hint.bounds, *usual]


def _samples(pattern: str, hint: Hint, spot: Spot) -> Iterator[str]:
    """Strings that match, first those that have a length which another check names."""
    for length in sorted(set(hint.lengths)):
        for more in range(min(length, 200), max(-1, length - 20), -1):
            found = matching(pattern, spot.inner(f"{pattern} {more}").source, more=more, full=True)
            if found is not None and len(found) == length:
                yield found
                break
    for number, more in enumerate(_SAMPLES):
        found = matching(pattern, spot.inner(f"{pattern} {number}").source, more=more)
        if found is not None:
            yield found


def _usual_texts(spot: Spot) -> list[str]:
    """What functions that judge a text often want."""
    token, number = spot.canary(), spot.number
    return [
        f"{token}@example.com",
        f"https://{token}.example.com",
        f"+1555{number % 10_000_000:07}",
        token.upper(),
        str(number % 10_000),
        f"{token}.example.com",
        f"10.0.{number % 250}.{number // 250 % 250}",
        "en",
        "USD",
        "UTC",
        "#a1b2c3",
        "1.0.0",
        "a",
        "",
    ]


def _turned(values: list[str], spot: Spot) -> list[str]:
    unique = list(dict.fromkeys(values))
    first = spot.row % len(unique) if unique else 0
    return [*unique[first:], *unique[:first]]


def _hinted_numbers(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    """Values within each pair of neighbouring bounds, then the bounds, then beyond them."""
    bounds = sorted({float(found) for found in [*hint.bounds, *hint.equal] if _is_number(found)})
    within: list[float] = []
    for low, high in pairwise(bounds):
        gap = int(high - low)
        within += [low + 1 + spot.number % (gap - 1)] if gap > 1 else [(low + high) / 2]
    beyond = [bounds[-1] + 1 + spot.number % 1000, bounds[-1] + 1, bounds[0] - 1] if bounds else []
    numbers = [f"{value:.10g}" for value in (*within, *bounds, *beyond) if abs(value) < 1e9]
    large = [str(int(value)) for value in bounds if abs(value) >= 1e9]
    return [*_turned(hint.equal, spot), *numbers, *large]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lower() not in ("nan", "infinity", "-infinity")


def _hinted_json(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    objects = []
    for number in range(3):
        members = []
        for key, values in hint.keys.items():
            turned = _turned(values, spot)
            texts = [f'"{turned[number % len(turned)]}"'] if turned else [f'"{spot.canary()}"', "1", "[]"]
            members.append(f'"{key}": {texts[number % len(texts)]}')
        objects.append("{" + ", ".join(members) + "}")
    listed = [f"[{', '.join([chr(34) + spot.canary() + chr(34)] * count)}]" for count in hint.counts if count < 100]
    return [*objects, *listed, *_turned(hint.equal, spot)]


def _hinted_bytes(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    sizes = sorted(
        {16, *(size for bound in hint.lengths for size in (bound, bound - 1, bound + 1) if 0 <= size <= 10_000)}
    )
    heads = [head.removeprefix("\\x") for head in [*hint.equal, *hint.prefixes] if head.startswith("\\x")]
    wholes = ["\\x" + head for head in heads]
    return [*("\\x" + _bytes(spot, head, size) for head in [*heads, ""] for size in sizes), *wholes]


def _bytes(spot: Spot, head: str, size: int) -> str:
    return (head + (spot.digest * (size // 16 + 1)).hex())[: 2 * size]


def _hinted_arrays(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    counts = [count for bound in hint.counts for count in (bound, bound - 1, bound + 1) if 0 < count <= 1000]
    one = plain[0][1:-1] if plain and len(plain[0]) > 2 else ""
    listed = ["{" + ",".join([one] * count) + "}" for count in counts] if one else []
    members = _turned(hint.equal, spot)
    return [*([array_of(members[:1]), array_of(members)] if members else []), *listed]


def _hinted_times(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    """Moments within each pair of neighbouring bounds, then the bounds, then beyond them."""
    bounds = sorted(moment for found in [*hint.bounds, *hint.equal] if (moment := _moment(found)))
    within = [low + (high - low) * (spot.number % 997 / 1000) for low, high in pairwise(bounds) if low < high]
    beyond = [bounds[-1] + timedelta(days=1), bounds[0] - timedelta(days=1)] if bounds else []
    return [*_turned(hint.equal, spot), *(moment.isoformat(sep=" ") for moment in (*within, *bounds, *beyond))]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hinted_others(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    return [*_turned(hint.equal, spot), *hint.bounds]


_HINTED: dict[str, Callable[[Hint, Spot, list[str]], list[str]]] = {
    "S": _hinted_texts,
    "N": _hinted_numbers,
    "D": _hinted_times,
    "A": _hinted_arrays,
    "json": _hinted_json,
    "jsonb": _hinted_json,
    "bytea": _hinted_bytes,
}
