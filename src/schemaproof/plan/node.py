"""One node of a plan, and what it did: rows, buffers, what it looked for by index and what it threw away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

__all__ = ["Node", "normalized"]

_LITERAL = re.compile(r"'(?:[^']|'')*'(?:::(?:\"[^\"]+\"|[\w.]+)(?: (?:with|without) time zone| varying)?(?:\[\])?)?")
_NUMBER = re.compile(r"(?<![\w.$])-?\d+(?:\.\d+)?\b")
_PARAMETER = re.compile(r"\$\d+(?:::[\w. ]+)?(?:\[\])?")
_INIT_PLAN = re.compile(r"\(?InitPlan (\d+)\)?\.col1|\$(\d+)(?=\))")
_CONDITIONS = ("Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "TID Cond", "Join Filter", "Filter", "Order By")
# An incremental sort's (manual, Using EXPLAIN).
_SORTED_GROUPS = ("Full-sort Groups", "Pre-sorted Groups")
_DISCARDED = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")


def normalized(condition: str) -> str:
    """Return a condition without its constants, so that it is the same for every tenant and every day."""
    condition = _LITERAL.sub("?", condition)
    condition = _PARAMETER.sub("?", condition)
    return _NUMBER.sub("?", condition)


@dataclass(frozen=True)
class Node:
    """A node of EXPLAIN's tree (manual, EXPLAIN; FORMAT JSON, VERBOSE).

    Args:
        facts: its object as EXPLAIN wrote it, without the children.
        children: its inputs, InitPlans and SubPlans.
    """

    facts: Mapping[str, Any]
    children: tuple["Node", ...] = ()

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Node":
        """Return the node that EXPLAIN's object describes, with its children."""
        facts = {key: value for key, value in raw.items() if key != "Plans"}
        return cls(facts, tuple(cls.of(child) for child in raw.get("Plans", ())))

    def walk(self) -> Iterator["Node"]:
        """Yield the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def type(self) -> str:
        """`Index Scan`, `Sort`, …"""
        return str(self.facts["Node Type"])

    @property
    def loops(self) -> int:
        """How often it was carried out; 0 where never, or where the plan was not executed."""
        return int(self.facts.get("Actual Loops", 0))

    @property
    def rows(self) -> float:
        """Rows that it gave in all its loops."""
        return float(self.facts.get("Actual Rows", 0)) * self.loops

    @property
    def expected_rows(self) -> float:
        """Rows that the planner expected of one loop."""
        return float(self.facts.get("Plan Rows", 0))

    @property
    def estimate_error(self) -> float:
        """The factor between expected and actual rows of a loop, both at least 1."""
        expected, actual = max(self.expected_rows, 1.0), max(self.rows / max(self.loops, 1), 1.0)
        return max(expected / actual, actual / expected)

    @property
    def discarded(self) -> float:
        """Rows that it read and threw away, in all its loops."""
        return sum(float(self.facts.get(key, 0)) for key in _DISCARDED) * self.loops

    @property
    def buffers(self) -> int:
        """Pages that it and its children read, from the cache or not."""
        return int(self.facts.get("Shared Hit Blocks", 0)) + int(self.facts.get("Shared Read Blocks", 0))

    @property
    def table(self) -> str | None:
        """`public.notes`, where it reads or writes a table."""
        name = self.facts.get("Relation Name")
        return f"{self.facts['Schema']}.{name}" if name and "Schema" in self.facts else name

    @property
    def index(self) -> str | None:
        """The index that it reads."""
        name = self.facts.get("Index Name")
        return str(name) if name else None

    @property
    def index_condition(self) -> str:
        """What it looks for in the index; a filter is not among it."""
        return str(self.facts.get("Index Cond", ""))

    @property
    def filter(self) -> str:
        """What rows must meet after they were read."""
        return str(self.facts.get("Filter", ""))

    @property
    def spilled(self) -> bool:
        """Tell whether it wrote to disk what did not fit into work_mem."""
        return (
            self.facts.get("Sort Space Type") == "Disk"
            or int(self.facts.get("Hash Batches", 1)) > 1
            or int(self.facts.get("Disk Usage", 0)) > 0
            or any(
                int(self.facts.get(groups, {}).get("Sort Space Disk", {}).get("Peak Sort Space Used", 0)) > 0
                for groups in _SORTED_GROUPS
            )
            or self.temporary > sum(child.temporary for child in self.children)
        )

    @property
    def temporary(self) -> int:
        """Pages that it and its children wrote to temporary files: of a CTE or a function's rows too."""
        return int(self.facts.get("Temp Written Blocks", 0))

    def claim_reads(self, claims: re.Pattern[str]) -> int:
        """How often it evaluates the token's claims: once a loop where it only computes, else once a row read.

        Args:
            claims: finds what reads them, in an expression.
        """
        wrote = " ".join(str(self.facts.get(key, "")) for key in ("Output", "One-Time Filter"))
        count = self.loops if claims.search(wrote) and self.type == "Result" else 0
        if any(claims.search(str(self.facts.get(key, ""))) for key in ("Filter", "Join Filter", "Recheck Cond")):
            count += round(self.rows + self.discarded)
        if claims.search(self.index_condition):  # evaluated when the scan begins
            count += self.loops
        return count

    @cached_property
    def label(self) -> str:
        """What it is and does, without constants, costs and counts: equal labels mean the same way of doing it."""
        head = " ".join(part for part in (self._role(), self._kind(), self._target()) if part)
        details = [f"{key}: {normalized(str(self.facts[key]))}" for key in _CONDITIONS if key in self.facts]
        details += [f"{key}: {', '.join(map(normalized, self.facts[key]))}" for key in _KEYS if key in self.facts]
        return " · ".join([head, *details])

    def _role(self) -> str:
        name = self.facts.get("Subplan Name")
        return f"[{name}]" if name else ""

    def _kind(self) -> str:
        kind = self.facts.get("Operation") if self.type == "ModifyTable" else self.type
        strategy = str(self.facts.get("Strategy", ""))
        join = str(self.facts.get("Join Type", ""))
        command = str(self.facts.get("Command", ""))
        words = [join if join not in ("", "Inner") else "", strategy if strategy not in ("", "Plain") else "", command]
        backward = "backward" if self.facts.get("Scan Direction") == "Backward" else ""
        return " ".join(word for word in (*words, str(kind), backward) if word)

    def _target(self) -> str:
        using = f"using {self.index}" if self.index else ""
        on = self.table or self.facts.get("Function Name") or self.facts.get("CTE Name")
        return " ".join(part for part in (using, f"on {on}" if on else "") if part)


_KEYS = ("Sort Key", "Presorted Key", "Group Key", "Conflict Arbiter Indexes")
