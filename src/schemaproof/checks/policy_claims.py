"""Policies ask who is asking once a statement, not once a row."""

from collections.abc import Iterator
from typing import Any

from pglast import ast

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.references import Name, call_of, children, column_of, nodes

__all__ = ["policy_claims"]


@check(level=Level.WARNING)
def policy_claims(context: Context) -> Iterator[Finding]:
    """A query grows slow with the table, because a policy reads the same claim anew for every row.

    A function of no column, in a scalar sub-select of its own, becomes an InitPlan and runs once a statement; without
    it PostgreSQL calls it for each row. Looked at is USING: WITH CHECK runs once for each row that is written anyway.
    """
    policies = [policy for policy in context.policies if policy.enabled and policy.using]
    context.count("policies", len(policies), "no table with row-level security has a policy")
    slow: dict[str, list[tuple[Policy, list[str]]]] = {}
    for policy in policies:
        if policy.trees and (calls := sorted(set(_calls(context, policy)))):
            slow.setdefault(policy.table, []).append((policy, calls))
    for table, found in slow.items():
        yield _finding(context, table, found)


def _finding(context: Context, table: str, found: list[tuple[Policy, list[str]]]) -> Finding:
    calls = sorted({call for _, several in found for call in several})
    return Finding(
        "policy_claims",
        table,
        f"{len(found)} policies of {table} call {', '.join(calls)} for every row"
        if len(found) > 1
        else f"the policy {found[0][0].name} of {table} calls {', '.join(calls)} for every row",
        f"Write (select {calls[0]}) in place of {calls[0]}: it is then evaluated once.",
        level=Level.WARNING,
        detail="\n".join(f"{policy.name}: {policy.using}" for policy, _ in found),
        location=context.locate("policy", found[0][0].key),
    )


def _calls(context: Context, policy: Policy) -> Iterator[str]:
    """Give the calls that are evaluated for every row, though no column is in them."""
    for node in _per_row(policy.trees[0], policy.table.rpartition(".")[2].strip('"')):
        called = call_of(node)
        if called is None or any(isinstance(each, ast.ColumnRef) for each in nodes(node.args)):
            continue
        if called.name == "current_setting" or _is_own(context, called):
            yield f"{called}({'…' if node.args else ''})"


def _is_own(context: Context, called: Name) -> bool:
    """Tell whether it is a function of the project or the platform that cannot be folded into a constant."""
    return called.schema is not None and any(each.volatility != "i" for each in context.routines.get(called, ()))


def _per_row(root: Any, table: str) -> Iterator[Any]:
    """Give the nodes that are evaluated for every row: those of a sub-select only where it refers to the row."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Node):
            yield node
        if isinstance(node, ast.SubLink) and not _is_correlated(node.subselect, table):
            waiting.append(node.testexpr)
        else:
            waiting.extend(children(node))


def _is_correlated(subselect: Any, table: str) -> bool:
    """Tell whether a sub-select names the policy's table, which PostgreSQL writes before a column of the outer row."""
    inner = list(nodes(subselect))
    own = {node.alias.aliasname if node.alias else node.relname for node in inner if isinstance(node, ast.RangeVar)}
    return table not in own and any(column_of(node)[-2:-1] == (table,) for node in inner)
