"""Write differences down for a person: one block an object, long texts as line diffs, within 80 columns."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from itertools import groupby

from schemaproof.catalogue.comparison import Difference
from schemaproof.catalogue.model import Json

__all__ = ["render"]

_WIDTH = 80
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
# What a reader of an added or removed object knows from its name, or does not miss.
_UNTOLD = {"schema", "columns", "statistics", "owner", "grants", "storage", "local"}


def render(differences: Iterable[Difference]) -> str:
    """Write `differences` as text; an empty string when there are none. Each object opens with `+`, `-` or `~`."""
    blocks = []
    for key, group in groupby(differences, key=lambda difference: difference.key):
        members = list(group)
        lines = [f"{_SIGNS[members[0].change]} {key}"]
        for difference in members:
            lines += _whole(difference) if difference.property is None else _property(difference)
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def _whole(difference: Difference) -> Iterator[str]:
    properties = difference.after if difference.change == "added" else difference.before
    if not isinstance(properties, dict):
        return
    for name, value in properties.items():
        if name not in _UNTOLD and value is not None and value is not False and value not in ([], ""):
            yield from _value(f"    {name}: ", value)


def _property(difference: Difference) -> Iterator[str]:
    before, after = _lines(difference.before), _lines(difference.after)
    if len(before) <= 1 and len(after) <= 1:
        yield f"    {difference.property}:"
        yield from _value("      - ", difference.before)
        yield from _value("      + ", difference.after)
        return
    yield f"    {difference.property}:"
    is_text = isinstance(difference.before, str) or isinstance(difference.after, str)
    for line in list(unified_diff(before, after, lineterm="", n=2 if is_text else 0))[2:]:
        if not line.startswith("@@"):
            yield "      " + line
        elif is_text:
            yield "      …"


def _value(head: str, value: Json) -> Iterator[str]:
    lines = _lines(value) or ["(none)"]
    yield from textwrap.wrap(
        lines[0], _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False
    ) or [head.rstrip()]
    for line in lines[1:]:
        yield " " * len(head) + line


def _lines(value: Json) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [item if isinstance(item, str) else json.dumps(item) for item in value]
    if isinstance(value, dict):
        return [f"{name}: {json.dumps(item, ensure_ascii=False)}" for name, item in value.items() if item is not None]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return str(value).strip("\n").split("\n")
