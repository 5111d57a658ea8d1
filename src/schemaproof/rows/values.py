"""Values of any type, those made of other types included: domains, enums, composites, arrays, ranges."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice

from schemaproof.rows.hinted import hinted
from schemaproof.rows.hints import Hint, read_hints
from schemaproof.rows.literals import Spot, array_of, element, plain, rotated, stamp
from schemaproof.rows.structure import Type

__all__ = ["base_of", "domain_hint", "variants"]

_DEPTH = 5  # of types in types
_MOST = 40
_VECTORS = ("int2vector", "oidvector")  # arrays to the catalogue, but written otherwise


def variants(types: Mapping[int, Type], oid: int, typmod: int, spot: Spot, depth: int = 0) -> list[str]:
    """Return values of a type, the likeliest first; empty where the type is not known."""
    kind = types.get(oid)
    if kind is None or depth > _DEPTH:
        return []
    if kind.kind == "d":
        return _domain(types, kind, typmod, spot, depth)
    if kind.kind == "e":
        return rotated(kind.labels, spot.row)
    if kind.kind == "c":
        return _composites(types, kind, spot, depth)
    if kind.kind in "rm":
        return _ranges(types, kind, spot, depth)
    if kind.category == "A" and kind.element and kind.name not in _VECTORS:
        inner = variants(types, kind.element, typmod, spot.inner("element"), depth + 1)
        return [*([array_of(inner[:1])] if inner else []), "{}"]
    return plain(kind.name, typmod, spot)


def base_of(types: Mapping[int, Type], oid: int) -> Type:
    """Return a type below all domains."""
    kind = types[oid]
    while kind.kind == "d" and kind.base in types:
        kind = types[kind.base]
    return kind


def domain_hint(types: Mapping[int, Type], oid: int) -> Hint | None:
    """Return what the checks of a domain, and of the domains below it, say; None: it is none, or they say nothing."""
    expressions = []
    kind = types.get(oid)
    while kind is not None and kind.kind == "d":
        expressions += [check.expression for check in kind.checks]
        kind = types.get(kind.base)
    return read_hints(tuple(expressions)).get("value")


def _domain(types: Mapping[int, Type], kind: Type, typmod: int, spot: Spot, depth: int) -> list[str]:
    base = base_of(types, kind.oid)
    modifier = kind.typmod if kind.typmod >= 0 else typmod
    below = variants(types, base.oid, modifier, spot, depth + 1)
    hint = domain_hint(types, kind.oid)
    return list(islice(hinted(base, hint, spot, below), _MOST)) if hint else below


def _composites(types: Mapping[int, Type], kind: Type, spot: Spot, depth: int) -> list[str]:
    fields = []
    for number, (oid, typmod) in enumerate(kind.attributes):
        inner = variants(types, oid, typmod, spot.inner(number), depth + 1)
        fields.append(element(inner[0]) if inner else "")
    return [f"({','.join(fields)})"]


def _ranges(types: Mapping[int, Type], kind: Type, spot: Spot, depth: int) -> list[str]:
    """Ranges short enough, and spread over enough, that those of two spots do not overlap."""
    subtype = types.get(kind.subtype or 0)
    name = subtype.name if subtype else ""
    if name in ("int4", "int8", "numeric", "float8", "float4"):
        start = spot.number % 100_000_000 * 10
        bounds = [str(start), str(start + 5)]
    elif name in ("date", "timestamp", "timestamptz"):
        start_day = spot.now.replace(microsecond=0) + timedelta(
            days=spot.number % 30_000 * 2, seconds=spot.number % 999
        )
        moments = (start_day, start_day + timedelta(days=1))
        bounds = [moment.date().isoformat() if name == "date" else stamp(moment, name) for moment in moments]
    else:
        inner = variants(types, kind.subtype or 0, -1, spot, depth + 1)
        bounds = sorted([inner[0], inner[0] + "x"]) if inner and name in ("text", "varchar") else inner[:1] * 2
    ranges = [f"[{element(bounds[0])},{element(bounds[1])}{']' if bounds[0] == bounds[1] else ')'}"] if bounds else []
    return ["{" + found + "}" for found in (*ranges, "")] if kind.kind == "m" else [*ranges, "empty"]
