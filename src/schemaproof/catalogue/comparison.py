"""Compare two snapshots object by object, property by property."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from schemaproof.catalogue.model import Catalogue, Json, ObjectKey

__all__ = ["Difference", "compare", "in_both"]


@dataclass(frozen=True)
class Difference:
    """One thing that differs. Of an object that came or went, `property` is None and the value all its properties."""

    key: ObjectKey
    change: Literal["added", "removed", "changed"]
    property: str | None
    before: Json
    after: Json


def compare(before: Catalogue, after: Catalogue) -> tuple[Difference, ...]:
    """List what differs, sorted by object. The same catalogue twice gives an empty tuple.

    A column that came or went is one difference; the table's `columns` differ only when the columns that both sides
    have stand in another order.
    """
    return tuple(
        difference
        for key in sorted({*before.objects, *after.objects})
        for difference in _differences(key, before.objects.get(key), after.objects.get(key))
    )


def in_both(
    kind: str, before: Catalogue, after: Catalogue
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the objects of a kind that are in both: name, and their properties before and after."""
    new = after.of_kind(kind)
    yield from ((name, old, new[name]) for name, old in before.of_kind(kind).items() if name in new)


def _differences(
    key: ObjectKey, before: Mapping[str, Json] | None, after: Mapping[str, Json] | None
) -> Iterator[Difference]:
    if before == after:
        return
    if before is None:
        yield Difference(key, "added", None, None, dict(after or {}))
    elif after is None:
        yield Difference(key, "removed", None, dict(before), None)
    else:
        for name in sorted({*before, *after}):
            old, new = before.get(name), after.get(name)
            if old != new and not (name == "columns" and _same_order(old, new)):
                yield Difference(key, "changed", name, old, new)


def _same_order(before: Json, after: Json) -> bool:
    old, new = cast(list[str], before or []), cast(list[str], after or [])
    return [name for name in old if name in new] == [name for name in new if name in old]
