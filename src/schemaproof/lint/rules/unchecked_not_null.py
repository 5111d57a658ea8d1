"""NOT NULL comes without a scan under the heaviest lock."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, BoolExprType, ConstrType, NullTestType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.names import written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Constraint
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a
from schemaproof.references import column_of

__all__ = ["unchecked_not_null"]


@rule(level=Level.WARNING, instead_of=("adding-not-nullable-field",))
def unchecked_not_null(step: Step, review: Review) -> Iterator[Harm]:
    """SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, and fails on the first row that holds NULL.

    A validated CHECK (column is not null) spares the scan (manual, ALTER TABLE): added NOT VALID, validated by a later
    migration under a lock that lets everybody read and write, and dropped afterwards.
    """
    for table, command in alterations(step, review, AlterTableType.AT_SetNotNull):
        column = table.columns.get(command.name)
        if (column is not None and column.not_null) or _is_proved(table.label, command.name, step, review):
            continue
        name = f"{table.label}.{written(command.name)}"
        yield Harm(
            name,
            f"NOT NULL of {name} is proved by a scan of the table under ACCESS EXCLUSIVE",
            f"Add `check ({written(command.name)} is not null) not valid`, validate it in a later migration, "
            "then set NOT NULL and drop the check.",
        )


def _is_proved(table: str, column: str, step: Step, review: Review) -> bool:
    checks = [each for each in review.schema.constraints.values() if each.table == table and _forbids(each, column)]
    return any(each.validated for each in checks)


def _forbids(constraint: Constraint, column: str) -> bool:
    """Tell whether a CHECK forbids NULL in the column, alone or among conditions that all must hold."""
    if constraint.node.contype != ConstrType.CONSTR_CHECK:
        return False
    return any(_is_not_null(each, column) for each in _conjuncts(constraint.node.raw_expr))


def _conjuncts(expression: Any) -> Iterator[Any]:
    if is_a(expression, ast.BoolExpr) and expression.boolop == BoolExprType.AND_EXPR:
        for each in expression.args:
            yield from _conjuncts(each)
    else:
        yield expression


def _is_not_null(node: Any, column: str) -> bool:
    tested = is_a(node, ast.NullTest) and node.nulltesttype == NullTestType.IS_NOT_NULL
    return tested and column_of(node.arg)[-1:] == (column,)
