"""Rows are filled in while nobody is kept from the table."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, ConstrType

from schemaproof.findings import Level
from schemaproof.lint.names import label
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Schema
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a
from schemaproof.references import column_of, nodes

__all__ = ["backfill_under_lock"]

_WORDS = {ast.UpdateStmt: "updated", ast.DeleteStmt: "deleted from"}


@rule(level=Level.WARNING)
def backfill_under_lock(step: Step, review: Review) -> Iterator[Harm]:
    """Nobody reads or writes the table while all of its rows are written: ALTER TABLE's lock lasts until the commit.

    ALTER TABLE takes ACCESS EXCLUSIVE for the rest of its transaction (manual, Explicit Locking), and a migration is
    one. An UPDATE or DELETE of the same table behind it holds every query up for as long as it takes.
    """
    word = _WORDS.get(type(step.node))
    if word is None or _is_bounded(step.node, review.schema):
        return
    table = label(step.node.relation)
    locked = next((each for each in _before(step, review) if _locks(each, table)), None)
    if review.existing(table) is None or locked is None:
        return
    yield Harm(
        table,
        f"{table} is {word}, with no key to bound it, while line {locked.line} holds ACCESS EXCLUSIVE on it",
        "Move the rows in a later migration of their own, in batches that commit; or outside of migrations.",
        detail=locked.statement.sql.split("\n")[0],
    )


def _before(step: Step, review: Review) -> list[Step]:
    together = review.together(step)
    return together[: together.index(step)]


def _locks(step: Step, table: str) -> bool:
    return is_a(step.node, ast.AlterTableStmt, ast.RenameStmt) and (
        step.node.relation is not None and label(step.node.relation) == table
    )


def _is_bounded(node: Any, schema: Schema) -> bool:
    """Tell whether the statement is about some rows by their key, or a limit: `id = 1`, `id in (1, 2)`."""
    where = node.whereClause
    keys = _keys(schema, label(node.relation))
    if where is None:
        return False
    limited = any(is_a(each, ast.SelectStmt) and each.limitCount is not None for each in nodes(where))
    return limited or any(_is_key(each, keys) for each in nodes(where) if is_a(each, ast.A_Expr))


def _keys(schema: Schema, table: str) -> set[str]:
    kinds = (ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE)
    found = [each for each in schema.constraints.values() if each.table == table and each.node.contype in kinds]
    return {each.columns[0] for each in found if len(each.columns) == 1} or {"id"}


def _is_key(node: Any, keys: set[str]) -> bool:
    compares = node.kind in (A_Expr_Kind.AEXPR_OP, A_Expr_Kind.AEXPR_IN, A_Expr_Kind.AEXPR_OP_ANY)
    column = column_of(node.lexpr)
    constant = not any(column_of(each) for each in nodes(node.rexpr))
    return compares and node.name[-1].sval == "=" and column[-1:] != () and column[-1] in keys and constant
