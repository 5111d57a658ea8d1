"""A plan as a tree for the page: what each node does, its conditions, rows, and its own share of the pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemaproof.report.findings import singular
from schemaproof.report.page.section import Document

__all__ = ["Branch", "grow"]

_CONDITIONS = (
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "One-Time Filter",
    "Filter",
    "Order By",
    "Sort Key",
    "Group Key",
    "Function Call",
    "TID Cond",
    "Conflict Arbiter Indexes",
)
_BLOCKS = ("Shared Hit Blocks", "Shared Read Blocks")
_MISJUDGED = 10


@dataclass(frozen=True)
class Branch:
    """A node and what it is fed by; `share` is its own part of the whole plan's pages, in percent."""

    title: str
    facts: tuple[str, ...]
    conditions: tuple[tuple[str, str], ...]
    share: int
    warning: str
    branches: tuple["Branch", ...]


def grow(node: Document) -> Branch:
    """Return the tree of a plan as the results document holds it."""
    return _grow(node, max(_pages(node), 1))


def _grow(node: Document, whole: int) -> Branch:
    own = max(_pages(node) - sum(map(_pages, node["Plans"])), 0)
    return Branch(
        node["label"].partition(" · ")[0],
        tuple(_facts(node)),
        tuple((name, _text(node[name])) for name in _CONDITIONS if name in node),
        round(100 * own / whole),
        _warning(node),
        tuple(_grow(child, whole) for child in node["Plans"]),
    )


def _facts(node: Document) -> Iterator[str]:
    if "Actual Rows" not in node:
        yield f"{node['Plan Rows']:,} rows expected" if "Plan Rows" in node else ""
    elif not node.get("Actual Loops"):
        yield "never ran"
    else:
        yield _counted(_rows(node), "rows")
        if (expected := node.get("Plan Rows", 0) * node["Actual Loops"]) != _rows(node):
            yield f"{expected:,.0f} expected"
    if (loops := node.get("Actual Loops", 0)) > 1:
        yield f"{loops:,} times"
    if pages := _pages(node):
        yield _counted(pages, "pages")
    if removed := sum(value for name, value in node.items() if name.startswith("Rows Removed by")):
        yield f"{removed * node.get('Actual Loops', 1):,.0f} discarded"
    if "Total Cost" in node:
        yield f"cost {node['Total Cost']:,.0f}"


def _warning(node: Document) -> str:
    if node["Node Type"] == "Seq Scan":
        return "from end to end"
    if node.get("Sort Space Type") == "Disk":
        return "spilled to disk"
    if node.get("Actual Loops"):
        actual, expected = max(_rows(node), 1), max(node.get("Plan Rows", 0) * node["Actual Loops"], 1)
        if max(actual / expected, expected / actual) >= _MISJUDGED:
            return f"{max(actual / expected, expected / actual):,.0f}x misjudged"
    return ""


def _rows(node: Document) -> float:
    return float(node["Actual Rows"] * node.get("Actual Loops", 1))


def _pages(node: Document) -> int:
    return sum(int(node.get(name, 0)) for name in _BLOCKS)


def _counted(number: float, plural: str) -> str:
    return f"{number:,.0f} {singular(plural) if number == 1 else plural}"


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
