"""An index that is skipped because it exists is one that works."""

from collections.abc import Iterator

from pglast import ast
from pglast.enums import ObjectType

from schemaproof.findings import Level
from schemaproof.lint.names import label, names_label, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["concurrently_if_not_exists"]


@rule(level=Level.ERROR)
def concurrently_if_not_exists(step: Step, review: Review) -> Iterator[Harm]:
    """A failed CREATE INDEX CONCURRENTLY leaves an INVALID index, which IF NOT EXISTS then takes for the index.

    The second run skips it and reports success (manual, CREATE INDEX, Building Indexes Concurrently): no query ever
    uses the index, a unique one guards nothing that was there, and every write still pays for it.
    """
    node = step.node
    if not is_a(node, ast.IndexStmt) or not node.concurrent or not node.if_not_exists:
        return
    table = label(node.relation)
    index = written(*([node.relation.schemaname] if node.relation.schemaname else ["public"]), node.idxname or "")
    if review.existing(table) is None or index in _dropped_before(step, review):
        return
    yield Harm(
        index,
        f"{index} is skipped where an INVALID one was left by a build that failed",
        f"Write `drop index concurrently if exists {index};` before it, and leave IF NOT EXISTS out.",
        detail=f"on {table}",
    )


def _dropped_before(step: Step, review: Review) -> set[str]:
    file = review.in_file(step)
    drops = [each.node for each in file[: file.index(step)] if is_a(each.node, ast.DropStmt)]
    return {names_label(item) for node in drops if node.removeType == ObjectType.OBJECT_INDEX for item in node.objects}
