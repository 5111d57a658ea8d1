"""What clients ask for by its name keeps it, until none of them does."""

from collections.abc import Iterator

from pglast import ast
from pglast.enums import ObjectType

from schemaproof.findings import Level
from schemaproof.lint.names import label, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Relation
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["renamed"]

_RELATIONS = (ObjectType.OBJECT_TABLE, ObjectType.OBJECT_VIEW, ObjectType.OBJECT_MATVIEW)


@rule(level=Level.ERROR, instead_of=("renaming-table", "renaming-column"))
def renamed(step: Step, review: Review) -> Iterator[Harm]:
    """A table or column is renamed, and no order of deployment suits: old clients fail after it, new ones before.

    An error where roles that requests come as hold a privilege on it: they ask for it by its name. Else a warning. None
    where something of the old name is there at the end: a view over the table, or a column that is kept in step.
    """
    node = step.node
    if not is_a(node, ast.RenameStmt) or node.relation is None:
        return
    name = label(node.relation)
    relation = review.existing(name)
    if relation is None:
        return
    if node.renameType in _RELATIONS and name not in review.final.relations:
        yield _harm(name, str(node.newname), relation, review)
    if node.renameType == ObjectType.OBJECT_COLUMN and not _is_back(name, str(node.subname), review):
        yield _harm(f"{name}.{written(str(node.subname))}", str(node.newname), relation, review)


def _is_back(table: str, column: str, review: Review) -> bool:
    """Tell whether there is a column of that name at the end, or no such table."""
    return table not in review.final.relations or column in review.final.relation(table).columns


def _harm(name: str, new: str, relation: Relation, review: Review) -> Harm:
    return Harm(
        name,
        f"{name} is renamed to {written(new)}: clients that run now ask for the old name",
        "Put the new name beside the old one (a view, a column that a trigger keeps), and drop the old one later.",
        level=Level.ERROR if review.is_exposed(relation) else Level.WARNING,
    )
