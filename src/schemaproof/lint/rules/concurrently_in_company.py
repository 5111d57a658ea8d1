"""What cannot be undone stands in a file of its own."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from schemaproof.findings import Level
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.targets import subject_of
from schemaproof.lint.trees import is_a
from schemaproof.migrations.plan import builds_concurrently

__all__ = ["concurrently_in_company"]

# What leaves nothing behind.
_HARMLESS = (ast.VariableSetStmt, ast.SelectStmt, ast.TransactionStmt, ast.CommentStmt, ast.AlterSystemStmt)


@rule(level=Level.WARNING)
def concurrently_in_company(step: Step, review: Review) -> Iterator[Harm]:
    """A file with CONCURRENTLY is not one transaction: when a statement fails, those before it stay, unrecorded.

    CONCURRENTLY cannot run inside a transaction, so the runner commits what stands before it. Nothing is entered in
    the ledger, the next run begins with the first statement again, and fails on what is there already.
    """
    file = review.in_file(step)
    builds = [each for each in file if builds_concurrently(each.statement)]
    if not builds or step is not builds[0]:
        return
    others = [each for each in file if each not in builds and not _is_harmless(each.node)]
    subject = subject_of(step.node, review.schema).object
    if others:
        yield Harm(
            subject,
            f"CONCURRENTLY stands beside {len(others)} other statements: a failure leaves part of the file",
            "Put CONCURRENTLY into a migration of its own, one index a file.",
            what="beside others",
            detail="\n".join(f"line {each.line}: {each.statement.sql.splitlines()[0]}" for each in others[:5]),
        )
    if len(builds) > 1:
        yield Harm(
            subject,
            f"{len(builds)} indexes are built CONCURRENTLY in one file: a failure leaves those before it",
            "Put each into a migration of its own.",
            what="several",
            detail="\n".join(f"line {each.line}: {each.statement.sql.splitlines()[0]}" for each in builds),
        )


def _is_harmless(node: Any) -> bool:
    """Tell whether a statement can run again: settings, comments, a DROP INDEX CONCURRENTLY IF EXISTS before it."""
    clears = is_a(node, ast.DropStmt) and node.removeType == ObjectType.OBJECT_INDEX and node.missing_ok
    return isinstance(node, _HARMLESS) or clears
