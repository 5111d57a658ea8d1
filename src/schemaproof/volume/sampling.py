"""Carries the recipes out: a recipe, the rows that it is for and their chance, into values."""

import importlib
import itertools
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from schemaproof.errors import UsageError
from schemaproof.volume.chance import Integers, Stream
from schemaproof.volume.model import Model
from schemaproof.volume.recipes import (
    Arrival,
    Call,
    Case,
    Choice,
    Constant,
    Copy,
    FromPool,
    Nth,
    Number,
    Serial,
    Size,
    Template,
    TemplatePart,
    Uuid,
)
from schemaproof.volume.values import Labels, Mask, Values, nothing

if TYPE_CHECKING:
    from schemaproof.volume.world import Source, View

__all__ = ["Sampler", "load_function"]

_ALPHABETS = {"d": b"0123456789", "x": b"0123456789abcdef", "A": b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_AT_ONCE = 3  # digits that are looked up together
# Prime, and so without a divisor in common with a power of 10, 16 or 36: multiplying by it shuffles what it is modulo.
_SHUFFLE = 68_718_952_447


class Sampler:
    """Makes values. `pools` are the model's, by name; `given` is what its functions get as their first argument."""

    def __init__(self, model: Model, main_rows: int, pools: Mapping[str, Labels], given: Any) -> None:
        self._model = model
        self._main_rows = main_rows
        self._pools = pools
        self._given = given
        self._functions: dict[str, Callable[..., Any]] = {}

    def values(self, case: Case, view: "View", stream: Stream) -> Values:  # noqa: C901 -- one line a recipe
        """Return a recipe's values for all rows of a view."""
        rows = view.index
        match case.recipe:
            case Constant(value=value):
                return _constant(value, len(rows))
            case Choice(shares=shares):
                return _chosen(shares, stream.uniform(rows))
            case FromPool() as pool:
                return _drawn(pool, self._pools[pool.pool], view, stream)
            case Uuid():
                return Values("uuid", stream.uuids(rows))
            case Serial(start=start):
                return Values("number", rows + start)
            case Number(low=low, high=high, skew=skew):
                count = high.of(self._main_rows) if isinstance(high, Size) else high - low + 1
                return Values("number", low + stream.below(count, rows, skew=skew))
            case Arrival(first=first, last=last):
                return Values("time", self._arrivals(first, last, view.source, rows, stream))
            case Copy() as copy:
                return self._copied(copy, view, stream)
            case Template(parts=parts):
                return _written(parts, view, stream)
            case Nth(reference=name, step=step):
                return self._nth(name, step, view)
            case Call(columns=columns):
                everywhere = np.arange(len(rows))
                return self.call(case, [view.resolve(path) for path in columns], everywhere, None)

    def call(self, case: Case, columns: Sequence[Values], places: Integers, mask: Mask | None) -> Values:
        """Return what the project's function makes of columns' values at `places`; the rest is filled with zeros."""
        assert isinstance(case.recipe, Call)
        name = case.recipe.function
        if name not in self._functions:
            self._functions[name] = load_function(self._model, name, case.key)
        made = self._functions[name](self._given, *[values.data for values in columns])
        if not isinstance(made, np.ndarray) or len(made) != len(places) or made.dtype not in (np.uint8, np.object_):
            raise self._model.document.error(
                case.key,
                f"{name} did not return {len(places)} values",
                remedy="Return a matrix of uint8 with a row for each, or an array of bytes objects.",
            )
        kind = "bytes" if made.dtype == np.uint8 else "objects"
        if mask is None:
            return Values("bytes" if kind == "bytes" else "objects", made)
        data = np.zeros((len(mask), *made.shape[1:]), made.dtype)
        data[places] = made
        return Values("bytes" if kind == "bytes" else "objects", data)

    def _arrivals(self, first: int, last: int, source: "Source", rows: Integers, stream: Stream) -> Integers:
        gap = (last - first) / max(source.rows, 1)
        within = stream.uniform(rows)
        return self._model.until + first + ((rows + within) * gap).astype(np.int64)

    def _copied(self, copy: Copy, view: "View", stream: Stream) -> Values:
        values = view.resolve(copy.path)
        if values.kind != "time" or not (copy.low or copy.high):
            return values
        if copy.low == copy.high:
            return Values("time", values.data + copy.low, values.null)
        moved = values.data + copy.low + (stream.uniform(view.index) * (copy.high - copy.low)).astype(np.int64)
        return Values("time", moved if copy.future else np.minimum(moved, self._model.until), values.null)

    def _nth(self, name: str, step: int, view: "View") -> Values:
        ends = view.source.last_children
        parents = view.reference(name).index
        before = np.where(parents > 0, ends[parents - 1], 0)
        number = view.index - before + 1
        return Values("time", self._model.until + step * number) if step else Values("number", number)


def load_function(model: Model, name: str, key: tuple[str, ...]) -> Callable[..., Any]:
    """Return a function of the project's own, `module:function`; raises UsageError where it cannot be imported."""
    module, _, function = name.partition(":")
    if (root := str(model.root)) not in sys.path:
        sys.path.insert(0, root)
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise model.document.error(
            key, f"{name}: {error}", remedy=f"Write module:function, importable from {root}."
        ) from error
    if not callable(found):
        raise UsageError(f"{model.document.place(key)}: {name} is no function", remedy="Write module:function.")
    return found


@lru_cache(maxsize=1000)
def _labels(texts: tuple[str, ...]) -> Labels:
    return Labels(texts)


def _constant(value: str | int | None, size: int) -> Values:
    if isinstance(value, int):
        return Values("number", np.full(size, value, np.int64))
    if value is None:
        return nothing(size)
    return Values("coded", np.zeros(size, np.int64), labels=_labels((value,)))


def _drawn(pool: FromPool, labels: Labels, view: "View", stream: Stream) -> Values:
    count = len(labels.texts)
    if pool.together and view.source.rows <= count:
        codes = view.index
    else:
        chance = view.source.stream.part("together") if pool.together else stream
        codes = chance.below(count, view.index, skew=pool.skew)
    return Values("coded", codes, None if labels.nulls is None else labels.nulls[codes], labels)


def _chosen(shares: tuple[tuple[str, float], ...], drawn: NDArray[np.float64]) -> Values:
    ends = np.cumsum([share for _, share in shares])[:-1]
    labels = _labels(tuple(text for text, _ in shares))
    return Values("coded", np.searchsorted(ends, drawn, side="right"), labels=labels)


def _written(parts: tuple[TemplatePart, ...], view: "View", stream: Stream) -> Values:
    size = len(view)
    columns: list[NDArray[np.uint8]] = []
    null: Mask | None = None
    for number, part in enumerate(parts):
        if part.text:
            text = np.frombuffer(part.text.encode(), np.uint8)
            columns.append(np.broadcast_to(text, (size, len(text))))
            continue
        base = len(_ALPHABETS[part.alphabet])
        if part.source == "row":
            numbers = (view.index + 1) * _SHUFFLE % base**part.width
        elif part.source == "random":
            numbers = stream.part(number).below(base**part.width, view.index)
        else:
            values = view.resolve(part.source)
            numbers = values.data.astype(np.int64)
            if values.null is not None:
                null = values.null if null is None else null | values.null
        columns.append(_digits(numbers, _ALPHABETS[part.alphabet], part.width))
    return Values("bytes", np.concatenate(columns, axis=1), null)


def _digits(numbers: Integers, alphabet: bytes, width: int) -> NDArray[np.uint8]:
    """Return numbers as digits, the last ones where there are more than `width`."""
    found = np.empty((len(numbers), width), np.uint8)
    left, end = numbers, width
    while end > 0:
        size = min(end, _AT_ONCE)
        above = left // len(alphabet) ** size  # a division by one number, which is quicker than any modulo
        found[:, end - size : end] = _groups_of(alphabet, size)[left - above * len(alphabet) ** size]
        left = above
        end -= size
    return found


@cache
def _groups_of(alphabet: bytes, size: int) -> NDArray[np.uint8]:
    """Return all groups of so many digits, in the order of their numbers."""
    groups = b"".join(bytes(digits) for digits in itertools.product(alphabet, repeat=size))
    return np.frombuffer(groups, np.uint8).reshape(-1, size)
