"""A value that an enumerated type got is used after its transaction has ended."""

from collections.abc import Iterator

from pglast import ast

from schemaproof.findings import Level
from schemaproof.lint.names import names_label
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Schema
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a
from schemaproof.lint.uses import calls, names_value

__all__ = ["enum_value_used"]

_AT_ONCE = "used"


@rule(level=Level.ERROR)
def enum_value_used(step: Step, review: Review) -> Iterator[Harm]:
    """The migration fails with 55P04: a new value of an enumerated type cannot be used in the transaction that adds it.

    The manual says so of ALTER TYPE … ADD VALUE. A default, a CHECK, a policy or an index that names the value uses it
    too. psql, which commits each statement, does not notice. A type that is made in the same transaction is exempt. A
    warning for a function that is called there, and within a DO block: whether that comes to it, the text cannot tell.
    """
    node = step.node
    if not is_a(node, ast.AlterEnumStmt) or not node.newVal or node.oldVal:
        return
    name = names_label(node.typeName)
    enum = review.schema.enums.get(name)
    if enum is not None and enum.made.transaction == step.transaction:
        return
    together = review.together(step)
    for later in together[together.index(step) + 1 :]:
        if how := _use(later, review.schema, name, node.newVal):
            yield Harm(
                name,
                f"{node.newVal!r} is added to {name} and {how} in the same transaction, at line {later.line}",
                "Add the value in a migration of its own, and use it in the next one.",
                what=node.newVal,
                level=Level.ERROR if how == _AT_ONCE and not later.is_inside else Level.WARNING,
                detail=later.statement.sql.split("\n")[0],
            )
            return


def _use(step: Step, schema: Schema, enum: str, value: str) -> str:
    """Say how a step uses the value; nothing where it does not."""
    if is_a(step.node, ast.AlterEnumStmt):
        return ""
    if names_value(step.node, schema, enum, value) and not _is_unread(step.node):
        return _AT_ONCE
    for function in schema.functions.values():
        called = calls((step.node,), function.label.partition("(")[0]) and not isinstance(
            step.node, ast.CreateFunctionStmt
        )
        if called and any(names_value(tree, schema, enum, value) for tree in function.trees):
            return f"used by {function.label}, which is called"
    return ""


def _is_unread(node: ast.Node) -> bool:
    """Tell whether it is text that PostgreSQL does not read yet: a comment, a body of PL/pgSQL."""
    return is_a(node, ast.CommentStmt, ast.CreateFunctionStmt, ast.DoStmt)
