"""How a file will be run: in which transactions, by the rules of the Supabase CLI, so that both run it alike."""

import re
from dataclasses import dataclass

from schemaproof.migrations.script import Script
from schemaproof.migrations.statement import Statement

__all__ = ["Batch", "Plan", "builds_concurrently", "plan", "sheds_role"]

# Read in the code of Supabase CLI 3.1.0 and seen in a server's log: what it knows as unfit for a transaction,
_ALONE = re.compile(
    r"create\s+(?:unique\s+)?index\s+concurrently\b|drop\s+index\s+concurrently\b|reindex(?:\s|\().*\sconcurrently\b"
    r"|vacuum\b|alter\s+system\b|cluster\b",
    re.IGNORECASE,
)
# what makes a file one that ends its transactions itself,
_TRANSACTION = re.compile(
    r"(?:begin|start\s+transaction|commit|end|abort|prepare\s+transaction)\b"
    r"|rollback\b(?!\s+(?:(?:work|transaction)\s+)?to\b)",
    re.IGNORECASE,
)
# the first line of a file that wants none,
_NO_TRANSACTION = "-- pg-delta: transaction=false"
# and what takes off a role that was taken on with SET ROLE.
_SHEDS_ROLE = re.compile(
    r"reset\s+role\b|reset\s+session\s+authorization\b|set\s+(?:session\s+)?role(?:\s+to\s+|\s*=\s*|\s+)['\"]?(?:none|default)\b"
    r"|set\s+session\s+authorization\s+default\b|discard\s+all\b",
    re.IGNORECASE,
)

_BUILDS = re.compile(r"(?:create\s+(?:unique\s+)?index|reindex\b.*)\s+concurrently\b", re.IGNORECASE)


@dataclass(frozen=True)
class Batch:
    """Statements that stand or fall together; one that is `alone` runs outside of any transaction of the runner."""

    statements: tuple[Statement, ...]
    alone: bool = False


@dataclass(frozen=True)
class Plan:
    """The batches of a file in order.

    Args:
        batches: the last one takes the ledger's entry into its transaction unless it is `alone`.
        reason: what keeps the file from being one transaction; empty when it is one.
    """

    batches: tuple[Batch, ...]
    reason: str = ""

    @property
    def atomic(self) -> bool:
        """Whether the whole file is one transaction, so that a failure leaves nothing of it."""
        return not self.reason


def plan(script: Script) -> Plan:
    """Cut `script` into batches.

    One transaction holds the file and its ledger entry. A statement that PostgreSQL refuses inside a transaction runs
    alone, what stands before and behind it in transactions of their own. A file that says BEGIN, COMMIT or ROLLBACK
    itself, or starts with `-- pg-delta: transaction=false`, runs statement by statement.
    """
    if script.text.split("\n", 1)[0].rstrip("\r") == _NO_TRANSACTION:
        return _one_by_one(script, f"it starts with `{_NO_TRANSACTION}`")
    for statement in script.statements:
        if _TRANSACTION.match(statement.sql):
            return _one_by_one(script, f"it ends its transactions itself (line {statement.line})")
    return _batched(script)


def sheds_role(statement: Statement) -> bool:
    """Return whether `statement` gives up a role taken on with SET ROLE."""
    return _SHEDS_ROLE.match(statement.sql) is not None


def builds_concurrently(statement: Statement) -> bool:
    """Return whether `statement` builds an index that stays, as INVALID, when it fails."""
    return _BUILDS.match(statement.sql) is not None


def _one_by_one(script: Script, reason: str) -> Plan:
    return Plan((*(Batch((statement,), alone=True) for statement in script.statements), Batch(())), reason)


def _batched(script: Script) -> Plan:
    batches: list[Batch] = []
    open_: list[Statement] = []
    reason = ""
    for statement in script.statements:
        if _ALONE.match(statement.sql):
            batches += [Batch(tuple(open_)), Batch((statement,), alone=True)]
            open_ = []
            reason = reason or f"line {statement.line} cannot run inside a transaction"
        else:
            open_.append(statement)
    return Plan((*(batch for batch in batches if batch.statements), Batch(tuple(open_))), reason)
