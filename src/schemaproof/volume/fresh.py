"""Which columns get a value of each row's own, so that unique keys hold for as many rows as are wanted."""

import re
from collections.abc import Iterable, Mapping, Sequence

from schemaproof.volume.facts import Column, Index, TableFacts
from schemaproof.volume.intervals import DAY
from schemaproof.volume.recipes import Arrival, Recipe, Serial, Template, TemplatePart, Uuid

__all__ = ["fresh_columns"]

_DIGITS = re.compile(r"\d{5,18}")


def fresh_columns(
    facts: TableFacts, rows: Sequence[Mapping[str, str | None]], linked: Iterable[str]
) -> tuple[Mapping[str, Recipe], list[tuple[str, ...]]]:
    """Return the recipes of columns that differ from row to row, and the keys that no column frees.

    Args:
        facts: the table.
        rows: samples of it.
        linked: columns that follow from references.
    """
    given = set(linked)
    found: dict[str, Recipe] = {}
    limits: list[tuple[str, ...]] = []
    for index in sorted((each for each in facts.indexes if each.unique), key=lambda each: len(each.columns)):
        if any(name in found for name in index.columns):
            continue
        made = _first(facts, index, rows, given)
        if made is None:
            limits.append(index.columns)
        else:
            found[made[0]] = made[1]
    return found, limits


def _first(
    facts: TableFacts, index: Index, rows: Sequence[Mapping[str, str | None]], given: set[str]
) -> tuple[str, Recipe] | None:
    for name in index.columns:
        column = facts.columns[name]
        if name in given or column.generated:
            continue
        recipe = _recipe(column, [value for row in rows if (value := row.get(name)) is not None])
        if recipe is not None:
            return name, recipe
    return None


def _recipe(column: Column, values: Sequence[str]) -> Recipe | None:
    if column.base == "uuid":
        return Uuid()
    if column.base in ("int4", "int8", "numeric"):
        return Serial()
    if column.base == "timestamptz" and not column.checked:
        return Arrival(-365 * DAY, 0)
    return _text(column, values) if column.base in ("text", "varchar", "citext") else None


def _text(column: Column, values: Sequence[str]) -> Recipe | None:
    """Return a template: a sample whose longest run of digits counts the rows, or any text where nothing is checked."""
    for value in values:
        if runs := list(_DIGITS.finditer(value)):
            run = max(runs, key=lambda each: len(each[0]))
            digits = TemplatePart(source="row", width=len(run[0]) - 1)
            parts = (TemplatePart(text=value[: run.start() + 1]), digits, TemplatePart(text=value[run.end() :]))
            return Template(tuple(part for part in parts if part.text or part.source))
    if column.checked or column.base == "varchar":
        return None
    return Template((TemplatePart(text=f"{column.name} "), TemplatePart(source="row", width=10)))
