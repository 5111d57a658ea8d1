"""The commands of ALTER TABLE on tables that are there already."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType

from schemaproof.lint.names import label
from schemaproof.lint.rule import Review
from schemaproof.lint.schema import Relation
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["alterations"]


def alterations(step: Step, review: Review, *kinds: AlterTableType) -> Iterator[tuple[Relation, Any]]:
    """Yield the commands of these kinds, each with its relation; none where the migrations make the relation."""
    if is_a(step.node, ast.AlterTableStmt):
        table = review.existing(label(step.node.relation))
        for command in step.node.cmds or ():
            if table is not None and command.subtype in kinds:
                yield table, command
