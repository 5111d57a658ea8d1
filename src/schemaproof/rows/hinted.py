"""Values that checks hint at: constants, strings of a pattern or a length, numbers and moments between bounds."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from math import isfinite

from schemaproof.rows.hints import Hint
from schemaproof.rows.literals import Spot, array_of, rotated
from schemaproof.rows.regexes import matching
from schemaproof.rows.structure import Type

__all__ = ["hinted"]

_SAMPLES = (8, 0, 30, 2)  # repetitions above the least, by sample of a regular expression


def hinted(base: Type, hint: Hint, spot: Spot, plain: list[str]) -> Iterator[str]:
    """Yield values of a type that a hint speaks for, the likeliest first.

    Args:
        base: the type, no domain.
        hint: what checks say.
        spot: where the value goes.
        plain: values of the type without the hint, which come after.
    """
    family = base.name if base.name in ("json", "jsonb", "bytea") else base.category
    yield from _HINTED.get(family, _hinted_others)(hint, spot, plain)
    yield from plain


def _hinted_texts(hint: Hint, spot: Spot, plain: list[str]) -> Iterator[str]:
    yield from _turned(hint.equal, spot)
    yield from _joined(hint, spot)
    for pattern in hint.patterns:
        yield from _samples(pattern, hint, spot)
    yield from (prefix + spot.canary() for prefix in hint.prefixes)
    yield from (like.replace("%", spot.canary()).replace("_", "a") for like in hint.likes)
    lengths = sorted(set(hint.lengths))
    if not lengths or min(lengths) > 20 or len(lengths) > 1:
        yield from plain
    yield from (spot.canary(near) for bound in lengths for near in (bound, bound - 1, bound + 1) if 0 < near <= 10_000)
    yield from hint.bounds
    yield from _usual_texts(spot) if hint.functions or hint.patterns or hint.bounds else [spot.canary().upper(), ""]


def _samples(pattern: str, hint: Hint, spot: Spot) -> Iterator[str]:
    """Strings that match, first those that have a length which another check names."""
    for length in sorted({near for bound in hint.lengths for near in (bound - 1, bound)}):
        yield from _of_length(pattern, length, spot)
    for number, more in enumerate(_SAMPLES):
        found = matching(pattern, spot.inner(f"{pattern} {number}").source, more=more)
        if found is not None:
            yield found
            yield found + spot.canary()
            yield spot.canary() + found


def _of_length(pattern: str, length: int, spot: Spot) -> Iterator[str]:
    """A string that matches and has a length: by repetition, or, where the pattern leaves its end open, by more."""
    for more in range(min(length, 200), max(-1, length - 20), -1):
        found = matching(pattern, spot.inner(f"{pattern} {more}").source, more=more, full=True)
        if found is not None and len(found) == length:
            yield found
            return
    found = matching(pattern, spot.inner(pattern).source, more=0)
    if found is not None and len(found) < length <= 10_000 and not pattern.endswith("$"):
        yield found + spot.canary(length - len(found))


def _joined(hint: Hint, spot: Spot) -> Iterator[str]:
    """A string that begins as one pattern wants and ends as another does."""
    heads = [pattern for pattern in hint.patterns if pattern.startswith("^") and not pattern.endswith("$")]
    tails = [pattern for pattern in hint.patterns if pattern.endswith("$") and not pattern.startswith("^")]
    for head, tail in product(heads[:3], tails[:3]):
        first, last = matching(head, spot.inner(head).source), matching(tail, spot.inner(tail).source)
        if first is not None and last is not None:
            yield first + spot.canary() + last


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
    return rotated(list(dict.fromkeys(values)), spot.row)


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
        return isfinite(float(text))
    except ValueError:
        return False


def _hinted_json(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    objects = [json.dumps({key: _member(values, spot, n) for key, values in hint.keys.items()}) for n in range(3)]
    listed = [json.dumps([spot.canary()] * count) for count in hint.counts if 0 <= count < 100]
    return [*objects, *listed, *_turned(hint.equal, spot)]


def _member(values: list[str], spot: Spot, number: int) -> object:
    """A value of an object: one that a check names, or one of another kind each time."""
    turned = _turned(values, spot)
    return turned[number % len(turned)] if turned else (spot.canary(), 1, [])[number % 3]


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
    inner = [moment for moment in bounds if 1 < moment.year < 9999]
    beyond = [inner[-1] + timedelta(days=1), inner[0] - timedelta(days=1)] if inner else []
    moments = (moment.isoformat(sep=" ") for moment in (*within, *bounds, *beyond))
    return [*_turned(hint.equal, spot), *(_beginnings(spot) if hint.functions else ()), *moments]


def _beginnings(spot: Spot) -> list[str]:
    """Where functions judge a time, it is often the beginning of a month, a week, a day, an hour."""
    month = (spot.now.year - 1) * 12 - spot.number % 600
    monday = spot.now.date() - timedelta(days=spot.now.weekday() + 7 * (spot.number % 2000))
    hour = spot.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=spot.number % 5000)
    return [f"{month // 12:04}-{month % 12 + 1:02}-01", monday.isoformat(), hour.isoformat(sep=" ") + "+00"]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hinted_others(hint: Hint, spot: Spot, plain: list[str]) -> list[str]:
    return [*_turned(hint.equal, spot), *hint.bounds]


_HINTED: dict[str, Callable[[Hint, Spot, list[str]], Iterable[str]]] = {
    "S": _hinted_texts,
    "N": _hinted_numbers,
    "D": _hinted_times,
    "A": _hinted_arrays,
    "json": _hinted_json,
    "jsonb": _hinted_json,
    "bytea": _hinted_bytes,
}
