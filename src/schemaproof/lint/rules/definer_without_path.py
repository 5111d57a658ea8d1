"""A function with its owner's rights finds the objects that its author meant."""

from collections.abc import Iterator

from pglast import ast

from schemaproof.findings import Level
from schemaproof.lint.names import routine_label
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["definer_without_path"]


@rule(level=Level.ERROR)
def definer_without_path(step: Step, review: Review) -> Iterator[Harm]:
    """A SECURITY DEFINER function without a search_path of its own looks names up along its caller's.

    The caller puts a table or function of its own before the real one, and the function uses it with its owner's
    rights (manual, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely). CREATE OR REPLACE forgets a path that
    ALTER FUNCTION had set. A body in the standard's form is bound already.
    """
    node = step.node
    if is_a(node, ast.CreateFunctionStmt):
        name = routine_label(node.funcname, node.parameters or ())
    elif is_a(node, ast.AlterFunctionStmt):
        name = routine_label(node.func.objname, None if node.func.args_unspecified else node.func.objfuncargs or ())
    else:
        return
    for function in review.final.routines(name):
        changes = is_a(node, ast.AlterFunctionStmt) or function.step is step
        if changes and function.definer and not function.has_path and function.node.sql_body is None:
            yield Harm(
                function.label,
                f"{function.label} has its owner's rights and no search_path of its own",
                "Write `set search_path = ''` into it, and every name in its body with its schema.",
            )
