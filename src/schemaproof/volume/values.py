"""A column's values for a block of rows, as numpy arrays: not bytes yet, so that other columns can look at them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Kind", "Labels", "Mask", "Values", "merged", "nothing"]

Mask = NDArray[np.bool_]
Kind = Literal["number", "time", "bytes", "uuid", "coded", "objects", "mixed"]


class Labels:
    """Texts that codes stand for, each as the server reads it; None is NULL."""

    def __init__(self, texts: Sequence[str | None]) -> None:
        self.texts = tuple(texts)
        self.nulls = np.array([text is None for text in texts]) if None in self.texts else None
        self._unions: dict[tuple[Labels, ...], tuple[Labels, list[NDArray[np.int64]]]] = {}

    def union(self, others: Sequence["Labels"]) -> tuple["Labels", list[NDArray[np.int64]]]:
        """Return the labels of this and `others`, and for each of them what their codes become."""
        key = tuple(others)
        if key not in self._unions:
            texts = dict.fromkeys(text for each in (self, *others) for text in each.texts)
            codes = {text: code for code, text in enumerate(texts)}
            maps = [np.array([codes[text] for text in each.texts], np.int64) for each in (self, *others)]
            self._unions[key] = (Labels(tuple(texts)), maps)
        return self._unions[key]


@dataclass(frozen=True, eq=False)
class Values:
    """Values of one kind.

    Args:
        kind: `number` and `time` (microseconds since 2000): int64; `bytes` and `uuid`: a matrix of uint8, a row each;
            `coded`: codes of `labels`; `objects`: bytes objects; `mixed`: which of `parts` it is.
        data: the values; whatever they are where `null` is true.
        null: where there is none; None: nowhere.
    """

    kind: Kind
    data: NDArray[Any]
    null: Mask | None = None
    labels: Labels | None = None
    parts: tuple["Values", ...] = ()

    def __len__(self) -> int:
        return len(self.data)

    @property
    def is_nothing(self) -> bool:
        """Tell whether it is NULL everywhere, whatever the type."""
        return self.labels is not None and not self.labels.texts

    def take(self, index: NDArray[np.int64]) -> "Values":
        """Return the values at `index`."""
        null = None if self.null is None else self.null[index]
        parts = tuple(part.take(index) for part in self.parts)
        return replace(self, data=self.data[index], null=null, parts=parts)

    def without(self, missing: Mask | None) -> "Values":
        """Return the values, NULL where `missing` is true as well."""
        if missing is None:
            return self
        return replace(self, null=missing if self.null is None else self.null | missing)

    def is_in(self, wanted: Sequence[str]) -> Mask:
        """Tell where the value is one of `wanted`; NULL never is."""
        if self.kind == "coded":
            assert self.labels is not None
            hit = np.array([text in wanted for text in self.labels.texts] or [False])[self.data]
        elif self.kind == "number":
            hit = np.isin(self.data, [int(each) for each in wanted if each.lstrip("-").isdigit()])
        elif self.kind == "mixed":
            hit = np.choose(self.data, [part.is_in(wanted) for part in self.parts])
        else:
            hit = np.zeros(len(self), bool)
        return np.asarray(hit if self.null is None else hit & ~self.null, bool)


_NO_LABELS = Labels(())


def nothing(size: int) -> Values:
    """Return NULL for each of `size` rows."""
    return Values("coded", np.zeros(size, np.int64), np.ones(size, bool), _NO_LABELS)


def merged(cases: Sequence[tuple[Mask | None, Values]], size: int) -> Values:
    """Return, for each row, the value of the one case whose mask is true; NULL where none is.

    Args:
        cases: masks that exclude each other, None being all rows, with values for all rows.
        size: number of rows.
    """
    if len(cases) == 1 and cases[0][0] is None:
        return cases[0][1]
    cases = [(mask, values) for mask, values in cases if not values.is_nothing]
    if not cases:
        return nothing(size)
    null = np.ones(size, bool)
    for mask, values in cases:
        hit = np.ones(size, bool) if mask is None else mask
        null[hit] = False if values.null is None else values.null[hit]
    shapes = {(values.kind, values.data.shape[1:]) for _, values in cases}
    absent = null if null.any() else None
    if len(shapes) == 1 and (kind := cases[0][1].kind) not in ("mixed", "objects"):
        labels, datas = _aligned([values for _, values in cases])
        return Values(kind, _picked(cases, datas, size), absent, labels)
    which = np.zeros(size, np.int64)
    for number, (mask, _) in enumerate(cases):
        which[slice(None) if mask is None else mask] = number
    return Values("mixed", which, absent, parts=tuple(values for _, values in cases))


def _picked(cases: Sequence[tuple[Mask | None, Values]], datas: Sequence[NDArray[Any]], size: int) -> NDArray[Any]:
    found = np.zeros((size, *datas[0].shape[1:]), datas[0].dtype)
    for (mask, _), data in zip(cases, datas, strict=True):
        hit = slice(None) if mask is None else mask
        found[hit] = data[hit]
    return found


def _aligned(values: Sequence[Values]) -> tuple[Labels | None, list[NDArray[Any]]]:
    """Return the data of values of one kind, codes being of the same labels."""
    if values[0].kind != "coded":
        return None, [each.data for each in values]
    labels = [each.labels for each in values if each.labels is not None]
    if all(each is labels[0] for each in labels):
        return labels[0], [each.data for each in values]
    union, maps = labels[0].union(labels[1:])
    return union, [codes[each.data] for codes, each in zip(maps, values, strict=True)]
