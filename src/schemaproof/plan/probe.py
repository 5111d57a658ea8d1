"""A question to the server and its answer: the statement's plan, and those of what ran within."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemaproof.identity import Identity
from schemaproof.plan.plan import Plan
from schemaproof.plan.statement import Statement

__all__ = ["CLAIMS", "Mode", "Nested", "Probe", "Question"]

# What reads the token's claims, before it is known which functions do.
CLAIMS = re.compile(r"request\.jwt\.claim")


class Mode(StrEnum):
    """How a prepared statement is planned: for the values at hand, or once for all values."""

    CUSTOM = "custom"
    GENERIC = "generic"


@dataclass(frozen=True)
class Question:
    """A statement, as an identity asks it.

    Args:
        setup: statements that a superuser carries out before, undone with it.
    """

    statement: Statement
    values: Mapping[str, str | None]
    identity: Identity
    mode: Mode = Mode.CUSTOM
    setup: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nested:
    """A statement that ran inside another: in a function, a trigger, a foreign key.

    Args:
        text: as the function has it.
        plan: that of the call which read the most pages.
        calls: how often it ran.
        buffers: pages that all calls read.
        wal: bytes of WAL that all calls wrote.
        cost: what the planner reckoned for all calls.
    """

    text: str
    plan: Plan
    calls: int
    buffers: int
    wal: int
    cost: float


@dataclass(frozen=True)
class Probe:
    """A question, and its plan.

    Args:
        nested: what ran within; empty where the statement was only planned.
        claims: finds what reads the token's claims, in an expression.
        leading: the column with which an index begins, where it is searched by that alone.
    """

    question: Question
    plan: Plan
    nested: tuple[Nested, ...] = ()
    claims: re.Pattern[str] = CLAIMS
    leading: Mapping[str, str] = field(default_factory=dict)

    @property
    def mode(self) -> Mode:
        """How the statement was planned."""
        return self.question.mode

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Its own plan and those of what ran within."""
        return (self.plan, *(inner.plan for inner in self.nested))

    @property
    def rows(self) -> int:
        """Rows that it returned or wrote."""
        return self.plan.rows

    @property
    def cost(self) -> float:
        """What the planner reckoned for all of it."""
        return self.plan.cost + sum(inner.cost for inner in self.nested)

    @property
    def buffers(self) -> int:
        """Pages that all of it read: what functions run counts in the node that calls them, triggers do not.

        Of a mere call, those of what runs within: the node that calls counts the catalogue's too, read for planning.
        """
        within = sum(inner.buffers for inner in self.nested)
        if self._has_triggers:
            return self.plan.buffers + within
        return min(within, self.plan.buffers) if self._is_call else self.plan.buffers

    @property
    def claim_reads(self) -> int:
        """How often the token's claims were read."""
        return sum(plan.claim_reads(self.claims) for plan in self.plans)

    @property
    def wal(self) -> int:
        """Bytes of WAL that all of it wrote."""
        return self.plan.wal + (sum(inner.wal for inner in self.nested) if self._has_triggers else 0)

    @property
    def _has_triggers(self) -> bool:
        return any(node.type == "ModifyTable" for node in self.plan.nodes)

    @property
    def _is_call(self) -> bool:
        return bool(self.nested) and not any(node.table for node in self.plan.nodes)

    @property
    def indexes(self) -> tuple[str, ...]:
        """Every index that it or what ran within uses."""
        return tuple(dict.fromkeys(name for plan in self.plans for name in plan.indexes))

    @property
    def shape(self) -> tuple[str, ...]:
        """The shapes of all its plans; what ran within in the order of its text, since triggers come as they like."""
        inner = sorted(self.nested, key=lambda each: (" ".join(each.text.split()), each.plan.fingerprint))
        return (*self.plan.shape, *(f"> {line}" for each in inner for line in each.plan.shape))

    def tree(self) -> str:
        """Return all its plans as trees for reading."""
        told = [self.plan.tree()]
        for inner in self.nested:
            times = f", {inner.calls} times" if inner.calls > 1 else ""
            told += [f"within{times}: {_shortened(inner.text)}", _indent(inner.plan.tree())]
        return "\n".join(told)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:157]}…"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
