"""A whole plan: its shape, what it used, what it cost, and the tree that a person reads."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemaproof.plan.node import Node, normalized

__all__ = ["Plan"]

# Below these a scan may end before it has given what it could, so that its count says nothing of the estimate.
_STOPPING = ("Limit", "Memoize")
_STOPPING_JOINS = ("Semi", "Anti")


@dataclass(frozen=True)
class Plan:
    """A statement's plan, executed or not.

    Args:
        root: its topmost node.
        facts: what EXPLAIN says beside the tree: settings, planning, triggers.
    """

    root: Node
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Plan":
        """Return the plan of one object of EXPLAIN (FORMAT JSON)."""
        return cls(Node.of(raw["Plan"]), {key: value for key, value in raw.items() if key != "Plan"})

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, from the top."""
        return tuple(self.root.walk())

    @property
    def executed(self) -> bool:
        """Tell whether it has counts and not only estimates."""
        return "Actual Loops" in self.root.facts

    @property
    def cost(self) -> float:
        """What the planner reckons it costs."""
        return float(self.root.facts.get("Total Cost", 0))

    @property
    def rows(self) -> int:
        """Rows that it returned; for a statement that writes without RETURNING, the rows that it wrote."""
        if self.root.type == "ModifyTable" and not self.root.rows and self.root.children:
            return round(sum(child.rows for child in self.root.children if "Subplan Name" not in child.facts))
        return round(self.root.rows)

    @property
    def buffers(self) -> int:
        """Pages that it read, from the cache or not, without those that planning read."""
        return self.root.buffers

    @property
    def wal(self) -> int:
        """Bytes of WAL that it wrote."""
        return int(self.root.facts.get("WAL Bytes", 0))

    @property
    def indexes(self) -> tuple[str, ...]:
        """Names of the indexes that it reads or decides conflicts by, each once."""
        arbiters = (name for node in self.nodes for name in node.facts.get("Conflict Arbiter Indexes", ()))
        return tuple(dict.fromkeys([*(node.index for node in self.nodes if node.index), *arbiters]))

    @property
    def seq_scans(self) -> tuple[Node, ...]:
        """Nodes that read a table from end to end."""
        return tuple(node for node in self.nodes if node.type == "Seq Scan" and (node.loops or not self.executed))

    @property
    def sorts(self) -> tuple[Node, ...]:
        """Nodes that sort, wholly or in part."""
        return tuple(node for node in self.nodes if node.type in ("Sort", "Incremental Sort"))

    @property
    def spills(self) -> tuple[Node, ...]:
        """Nodes that wrote to disk what did not fit into memory."""
        return tuple(node for node in self.nodes if node.spilled)

    @property
    def discarded(self) -> int:
        """Rows read and thrown away."""
        return round(sum(node.discarded for node in self.nodes))

    def claim_reads(self, claims: re.Pattern[str]) -> int:
        """How often the token's claims were read; `claims` finds what reads them, in an expression."""
        return sum(node.claim_reads(claims) for node in self.nodes)

    @property
    def misjudged(self) -> Node | None:
        """The node whose rows were estimated worst, among those that ran to their end; None where none did."""
        ran = [node for node in _judged(self.root) if node.loops]
        return max(ran, key=lambda node: node.estimate_error, default=None)

    def condition_on(self, index: str) -> str:
        """Return what the plan looks for in an index, without constants; '' where it does not use it."""
        found = (node.index_condition for node in self.nodes if node.index == index)
        return normalized(" ".join(found))

    def looks_up(self, index: str, column: str) -> bool:
        """Tell whether a column stands in the condition by which the plan searches an index."""
        return bool(re.search(rf"(?<!\w){re.escape(column)}(?!\w)", self.condition_on(index)))

    @cached_property
    def shape(self) -> tuple[str, ...]:
        """The tree as lines, without costs, counts and constants."""
        return tuple(f"{'  ' * depth}{node.label}" for node, depth in _indented(self.root))

    @property
    def fingerprint(self) -> str:
        """Names the shape: equal for plans that do the same in the same way."""
        return hashlib.sha256("\n".join(self.shape).encode()).hexdigest()[:12]

    def tree(self) -> str:
        """Return the plan as a tree for reading, with its costs and, where it was executed, its counts."""
        return "\n".join(f"{'  ' * depth}{node.label}  ({_counts(node)})" for node, depth in _indented(self.root))


def _judged(node: Node) -> Iterator[Node]:
    if node.type in _STOPPING:
        return
    yield node
    for child in node.children:
        inner = child.facts.get("Parent Relationship") == "Inner"
        if child.facts.get("Parent Relationship") == "SubPlan":  # EXISTS ends with the first row
            continue
        if not (inner and node.facts.get("Join Type") in _STOPPING_JOINS):
            yield from _judged(child)


def _indented(node: Node, depth: int = 0) -> Iterator[tuple[Node, int]]:
    yield node, depth
    for child in node.children:
        yield from _indented(child, depth + 1)


def _counts(node: Node) -> str:
    told = [f"cost {node.facts.get('Total Cost', 0):.0f}", f"rows {node.expected_rows:.0f} expected"]
    if "Actual Loops" in node.facts:
        told.append(f"{node.rows:.0f} actual" if node.loops else "never executed")
        if node.loops > 1:
            told.append(f"{node.loops} loops")
        told += [f"{node.discarded:.0f} discarded"] if node.discarded else []
        told += [f"{node.buffers} buffers"] if node.buffers else []
    return ", ".join(told)
