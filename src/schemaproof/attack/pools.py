"""Which values the columns that policies look at shall take: each that lets a row pass, and one that does not."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from schemaproof.rows import ANY as ANY_ROW
from schemaproof.tenancy import ANY, ColumnOf, Discovery

__all__ = ["favours", "pools"]

# Combinations of values of one table that are tried, at most.
_ROWS = 8
_RIGHTS = re.compile(r"admin|role|staff|super|permission|level|kind|type", re.IGNORECASE)


def pools(discovery: Discovery) -> Mapping[tuple[str, str], tuple[str | None, ...]]:
    """Return for each column the values of its rows in turn, so that together they combine."""
    types = {
        ColumnOf(each.label, c.name): c for each in (*discovery.relations, *discovery.outside) for c in each.columns
    }
    by_table: dict[str, list[tuple[str, tuple[str | None, ...]]]] = {}
    backwards = favours(discovery)
    for node, values in sorted(discovery.facts.values.items(), key=str):
        if not isinstance(node, ColumnOf) or (column := types.get(node)) is None or discovery.class_of(node):
            continue
        chosen = _chosen(values, column.type, nullable=not column.not_null)
        if node in backwards:
            chosen = chosen[::-1]
        if len(chosen) > 1 or chosen[:1] not in ((), (ANY,)):
            by_table.setdefault(node.relation, []).append((node.column, chosen))
    return {(label, column): spread for label, found in by_table.items() for column, spread in _combined(found).items()}


def favours(discovery: Discovery) -> Mapping[ColumnOf, frozenset[str]]:
    """Return the columns that give a user more rights everywhere, and the values that do.

    They are those of tables that know users and no tenants, and they sound like it: a guess, which makes the users that
    have them stand aside as attackers.
    """
    found: dict[ColumnOf, frozenset[str]] = {}
    for relation in discovery.tables:
        nodes = [ColumnOf(relation.label, column.name) for column in relation.columns]
        classes = [each for node in nodes if (each := discovery.class_of(node))]
        if classes and all(each.of_users for each in classes):
            for node in nodes:
                values = {value for value in discovery.facts.values.get(node, ()) if value not in (None, ANY, "false")}
                if values and _RIGHTS.search(node.column):
                    found[node] = frozenset(value for value in values if value is not None)
    return found


def _chosen(values: list[str | None], kind: str, *, nullable: bool) -> tuple[str | None, ...]:
    """The values of the column's type; what a column that may be null is not compared with stays out."""
    found: list[str | None] = []
    for value in values:
        if value is None and not nullable:
            continue
        if kind == "boolean" and value not in ("true", "false", None):
            continue
        found.append(value)
    if kind == "boolean" and len(found) == 1 and found[0] is not None:
        found.append("false" if found[0] == "true" else "true")
    elif len(found) and ANY not in found and kind != "boolean" and not _is_moment(kind):
        found.append(ANY)
    return tuple(dict.fromkeys(_moment(value, kind) for value in found))[:4]


def _is_moment(kind: str) -> bool:
    return kind.startswith("timestamp") or kind == "date"


def _moment(value: str | None, kind: str) -> str | None:
    if value == ANY and _is_moment(kind):
        return (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    return ANY_ROW if value == ANY else value


def _combined(columns: list[tuple[str, tuple[str | None, ...]]]) -> Mapping[str, tuple[str | None, ...]]:
    total = 1
    for _, values in columns:
        total = min(_ROWS, total * len(values))
    spread: dict[str, tuple[str | None, ...]] = {}
    stride = 1
    for name, values in columns:
        spread[name] = tuple(values[(row // stride) % len(values)] for row in range(total))
        stride = stride * len(values) if stride * len(values) < total else 1
    return spread
