"""Read what a model's file says of one column: a recipe, or a list of recipes of which the first that holds counts."""

import math
import re
from collections.abc import Callable
from typing import Any

from schemaproof.volume.document import Document, Key
from schemaproof.volume.intervals import interval
from schemaproof.volume.recipes import (
    Arrival,
    Call,
    Case,
    Choice,
    Constant,
    Copy,
    FromPool,
    Guard,
    Nth,
    Number,
    Recipe,
    Serial,
    Size,
    Template,
    TemplatePart,
    Uuid,
)

__all__ = ["read_cases", "read_size"]

_GUARDS = ("when", "given", "missing", "younger", "share")
_PLACE = re.compile(r"\{(?P<source>[\w.]+):(?P<alphabet>[dxA])(?P<width>\d+)\}")
_WIDEST = {"d": 18, "x": 15, "A": 11}


def read_cases(document: Document, value: object, key: Key) -> tuple[Case, ...]:
    """Return the cases of a column: of one recipe, of a list of them, or of a bare value."""
    if isinstance(value, list):
        places = [(*key, str(number)) for number in range(1, len(value) + 1)]
        return tuple(
            _case(document, document.table(each, place), place) for each, place in zip(value, places, strict=True)
        )
    if isinstance(value, dict):
        return (_case(document, value, key),)
    return (Case(Constant(_constant(value)), key=key),)


def read_size(document: Document, value: object, key: Key) -> Size:
    """Return a number of rows: a plain one, or a share of the main table's within bounds."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Size(at_least=value)
    values = document.table(value, key)
    document.known(values, ("share", "at_least", "at_most"), key)
    for name, each in values.items():
        if isinstance(each, bool) or not isinstance(each, int | float) or each < 0:
            raise document.error((*key, name), f"is not a number: {each!r}", remedy="Write it without quotes.")
    at_most = values.get("at_most")
    return Size(
        float(values.get("share", 0.0)), int(values.get("at_least", 0)), None if at_most is None else int(at_most)
    )


def _case(document: Document, values: dict[str, Any], key: Key) -> Case:
    kinds = [name for name in values if name in _READERS]
    if len(kinds) != 1:
        found = f"has {' and '.join(kinds)}" if kinds else "has no recipe"
        raise document.error(key, f"{found}: one of {', '.join(_READERS)}", remedy="Give exactly one of them.")
    read, options = _READERS[kinds[0]]
    document.known(values, (kinds[0], *options, *_GUARDS), key)
    return Case(read(document, values, key), _guard(document, values, key), key)


def _guard(document: Document, values: dict[str, Any], key: Key) -> Guard:
    when = document.table(values.get("when", {}), (*key, "when"))
    younger = document.table(values.get("younger", {}), (*key, "younger"))
    share = values.get("share", 1.0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise document.error((*key, "share"), f"is not from 0 to 1: {share!r}", remedy="Write share = 0.1, say.")
    ages = {path: _interval(document, text, (*key, "younger", path)) for path, text in younger.items()}
    if len(ages) > 1:
        raise document.error((*key, "younger"), "names several columns", remedy="Name one.")
    return Guard(
        when=tuple((path, _labels(wanted)) for path, wanted in when.items()),
        given=values.get("given"),
        missing=values.get("missing"),
        younger=next(iter(ages.items()), None),
        share=float(share),
    )


def _labels(wanted: object) -> tuple[str, ...]:
    return tuple(str(each) for each in (wanted if isinstance(wanted, list) else [wanted]))


def _constant(value: object) -> str | int | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, int) else str(value)


def _interval(document: Document, value: object, key: Key) -> int:
    found = interval(value)
    if found is None:
        raise document.error(key, f"is no interval: {value!r}", remedy='Write "10 minutes", "90 days" and the like.')
    return found


def _range(document: Document, value: object, key: Key) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2:
        low, high = (_interval(document, each, key) for each in value)
        return low, high
    found = _interval(document, value, key)
    return found, found


def _read_constant(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    return Constant(_constant(values["value"]))


def _read_null(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    return Constant(None)


def _read_choice(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    shares = document.table(values["choose"], (*key, "choose"))
    for label, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or share < 0:
            raise document.error((*key, "choose", label), f"is no share: {share!r}", remedy="Write 0.25, say.")
    if not math.isclose(total := sum(shares.values()), 1.0, abs_tol=1e-6):
        raise document.error((*key, "choose"), f"the shares add up to {total:g}", remedy="Make them add up to 1.")
    return Choice(tuple((label, float(share)) for label, share in shares.items()))


def _read_pool(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    return FromPool(str(values["pool"]), _skew(document, values, key))


def _skew(document: Document, values: dict[str, Any], key: Key) -> float:
    skew = values.get("skew", 0.0)
    if isinstance(skew, bool) or not isinstance(skew, int | float) or not 0 <= skew < 1:
        raise document.error((*key, "skew"), f"is not from 0 to below 1: {skew!r}", remedy="Write skew = 0.7, say.")
    return float(skew)


def _read_template(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    text, parts, end = str(values["template"]), list[TemplatePart](), 0
    for found in _PLACE.finditer(text):
        parts.append(TemplatePart(text=text[end : found.start()]))
        width = int(found["width"])
        if not 1 <= width <= _WIDEST[found["alphabet"]]:
            raise document.error(
                key, f"{found[0]} is too wide", remedy=f"Give at most {_WIDEST[found['alphabet']]}, or several places."
            )
        parts.append(TemplatePart(source=found["source"], alphabet=found["alphabet"], width=width))
        end = found.end()
    parts.append(TemplatePart(text=text[end:]))
    return Template(tuple(part for part in parts if part.text or part.source))


def _read_uuid(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    return Uuid()


def _read_serial(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    return Serial(_whole(document, values["serial"], (*key, "serial")))


def _read_number(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    bounds, skew = values["number"], _skew(document, values, key)
    if isinstance(bounds, dict):
        return Number(0, read_size(document, bounds, (*key, "number")), skew)
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise document.error((*key, "number"), "is no range", remedy="Write number = [1, 20].")
    low, high = (_whole(document, each, (*key, "number")) for each in bounds)
    if low > high:
        raise document.error((*key, "number"), f"{low} is above {high}", remedy="Write the low one first.")
    return Number(low, high, skew)


def _whole(document: Document, value: object, key: Key) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise document.error(key, f"is not a whole number: {value!r}", remedy="Write it without quotes.")
    return value


def _read_arrival(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    first, last = _range(document, values["arrival"], (*key, "arrival"))
    if first >= last:
        raise document.error((*key, "arrival"), "does not go forward", remedy='Write ["-365 days", "0 days"].')
    return Arrival(first, last)


def _read_copy(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    low, high = _range(document, values.get("plus", "0 days"), (*key, "plus"))
    return Copy(str(values["from"]), low, high, bool(values.get("future", False)))


def _read_nth(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    step = values.get("step")
    return Nth(str(values["nth"]), 0 if step is None else _interval(document, step, (*key, "step")))


def _read_call(document: Document, values: dict[str, Any], key: Key) -> Recipe:
    columns = values.get("with", [])
    if not isinstance(columns, list):
        raise document.error((*key, "with"), "is no list of columns", remedy='Write with = ["tenant_id"].')
    return Call(str(values["call"]), tuple(str(each) for each in columns))


_Reader = Callable[[Document, dict[str, Any], Key], Recipe]
_READERS: dict[str, tuple[_Reader, tuple[str, ...]]] = {
    "value": (_read_constant, ()),
    "null": (_read_null, ()),
    "choose": (_read_choice, ()),
    "pool": (_read_pool, ("skew",)),
    "template": (_read_template, ()),
    "uuid": (_read_uuid, ()),
    "serial": (_read_serial, ()),
    "number": (_read_number, ("skew",)),
    "arrival": (_read_arrival, ()),
    "from": (_read_copy, ("plus", "future")),
    "nth": (_read_nth, ("step",)),
    "call": (_read_call, ("with",)),
}
