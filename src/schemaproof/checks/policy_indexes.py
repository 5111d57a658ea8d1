"""The column by which a policy filters has an index."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, SubLinkType

from schemaproof.checks import Context, check
from schemaproof.checks._paste import named
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.references import children, column_of, operator_of

__all__ = ["policy_indexes"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, array_agg(a.attname::text) as leading
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where i.indisvalid
    group by 1
"""


@check(level=Level.NOTE)
def policy_indexes(context: Context) -> Iterator[Finding]:
    """Every request reads the whole table, because the policy that every request meets has no index.

    A policy's condition is part of every query on the table. Where all of its rows must have `column = who asks`, an
    index that begins with the column lets PostgreSQL read the caller's rows alone.
    """
    policies = [policy for policy in context.policies if policy.enabled and policy.using]
    context.count("policies", len(policies), "no table with row-level security has a policy")
    leading = {found.label: set(found.leading) for found in context.read(_QUERY)}
    missing: dict[tuple[str, str], list[Policy]] = {}
    for policy in policies:
        columns = list(_filters(policy))
        if columns and policy.permissive and not leading.get(policy.table, set()).intersection(columns):
            missing.setdefault((policy.table, columns[0]), []).append(policy)
    for (table, column), found in missing.items():
        yield Finding(
            "policy_indexes",
            f"{table}.{column}",
            f"no index begins with {column} of {table}, by which {_who_filters(found)}",
            f"create index on {table} ({named(column)});",
            level=Level.NOTE,
            detail="\n".join(f"{policy.name}: {policy.using}" for policy in found),
            location=context.locate("policy", found[0].key),
        )


def _who_filters(policies: list[Policy]) -> str:
    *others, last = (policy.name for policy in policies)
    return f"{', '.join(others)} and {last} filter" if others else f"{last} filters"


def _filters(policy: Policy) -> Iterator[str]:
    """Give the columns that must equal something of the caller's for a row to pass."""
    tree: Any = policy.trees[0] if policy.trees else None
    is_and = isinstance(tree, ast.BoolExpr) and tree.boolop == BoolExprType.AND_EXPR
    for part in children(tree.args if is_and else (tree,)):
        for column, value in _equals(part):
            if column in policy.columns and not any(_names(node, policy.columns) for node in _shallow(value)):
                yield column


def _equals(node: Any) -> Iterator[tuple[str, Any]]:
    """Read `column = value` either way round, and `column in (select …)`."""
    if isinstance(node, ast.A_Expr) and node.kind == A_Expr_Kind.AEXPR_OP and operator_of(node) == "=":
        for one, other in ((node.lexpr, node.rexpr), (node.rexpr, node.lexpr)):
            if column := _column(one):
                yield column, other
    if (
        isinstance(node, ast.SubLink)
        and node.subLinkType == SubLinkType.ANY_SUBLINK
        and (column := _column(node.testexpr))
    ):
        yield column, None


def _column(node: Any) -> str | None:
    names = column_of(node)
    return names[0] if len(names) == 1 else None


def _shallow(value: Any) -> Iterator[Any]:
    """Give the nodes of a value outside its sub-selects."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.SubLink):
            yield node
            waiting.extend(children(node))


def _names(node: Any, columns: list[str]) -> bool:
    return (_column(node) or "") in columns
