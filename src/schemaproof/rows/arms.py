"""The alternatives of a CHECK: what each side of its ORs asks of columns."""

from functools import lru_cache
from typing import Any

from pglast import ast
from pglast.enums import BoolExprType, NullTestType

from schemaproof.rows.hints import column_of, constant_of, statement_of
from schemaproof.rows.structure import Check

__all__ = ["arms"]

_MOST = 12


@lru_cache(maxsize=4096)
def arms(check: Check) -> tuple[tuple[tuple[str, str | None], ...], ...]:
    """Return the alternatives: of each, the columns and the values (None: NULL) that it asks for."""
    found = dict.fromkeys(tuple(wanted.items()) for wanted in _alternatives(statement_of(check.expression)))
    return tuple(arm for arm in found if arm)[:_MOST]


def _alternatives(node: Any) -> list[dict[str, str | None]]:
    """The assignments under which an expression may hold; an empty one where nothing is known."""
    if isinstance(node, ast.BoolExpr) and node.boolop == BoolExprType.OR_EXPR:
        return [found for side in node.args or () for found in _alternatives(side)][:_MOST]
    if isinstance(node, ast.BoolExpr) and node.boolop == BoolExprType.AND_EXPR:
        combined: list[dict[str, str | None]] = [{}]
        for side in node.args or ():
            combined = [one | other for one in combined for other in _alternatives(side)][:_MOST]
        return combined
    return [_asked(node)]


def _asked(node: Any) -> dict[str, str | None]:
    if isinstance(node, ast.NullTest) and (name := column_of(node.arg)):
        return {name: None} if node.nulltesttype == NullTestType.IS_NULL else {}
    if isinstance(node, ast.BoolExpr) and (name := column_of((node.args or [None])[0])):
        return {name: "false"}
    if isinstance(node, ast.ColumnRef):
        return {column_of(node): "true"}
    if isinstance(node, ast.A_Expr) and [getattr(part, "sval", "") for part in node.name or ()] == ["="]:
        name, value = column_of(node.lexpr), constant_of(node.rexpr)
        return {name: value} if name and value is not None else {}
    return {}
