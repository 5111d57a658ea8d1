"""A view shows what its reader may see."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from schemaproof.findings import Level
from schemaproof.lint.names import label
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Relation
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a, relations_of

__all__ = ["view_without_invoker"]


@rule(level=Level.ERROR)
def view_without_invoker(step: Step, review: Review) -> Iterator[Harm]:
    """A view without security_invoker reads with its owner's rights, past every policy of the tables below it.

    CREATE OR REPLACE VIEW that does not repeat the option takes it away (manual, CREATE VIEW), and so does a view that
    is dropped and made again without: an error, as is to switch it off. A new view without it, over guarded tables,
    that roles of requests may reach, is a warning.
    """
    name = _view(step.node)
    if name is None:
        return
    view, before = review.final.relations.get(name), review.initial.relations.get(name)
    if view is None or view.kind != "view" or view.invoker or view.made is None:
        return
    if before is not None and before.kind == "view" and before.invoker:
        yield _harm(view, f"{name} had security_invoker and loses it: it reads with its owner's rights", "lost")
    elif view.made is step and not (before is not None and before.kind == "view"):
        roles, guarded = review.is_exposed(view), _guarded(view, review)
        if roles and guarded:
            summary = f"{name} reads {', '.join(guarded)} with its owner's rights, for {', '.join(roles)}"
            yield _harm(view, summary, "", Level.WARNING)


def _view(node: Any) -> str | None:
    """Return the view that a statement makes, or whose options it changes."""
    if is_a(node, ast.ViewStmt):
        return label(node.view)
    options = (AlterTableType.AT_SetRelOptions, AlterTableType.AT_ResetRelOptions)
    if is_a(node, ast.AlterTableStmt) and node.objtype in (ObjectType.OBJECT_VIEW, ObjectType.OBJECT_TABLE):
        return label(node.relation) if any(each.subtype in options for each in node.cmds or ()) else None
    return None


def _guarded(view: Relation, review: Review) -> list[str]:
    """Return the guarded tables that it reads, through other views too."""
    found: set[str] = set()
    waiting = [view]
    while waiting:
        each = waiting.pop()
        for name in relations_of(each.query) - found:
            relation = review.final.relation(name)
            found.add(name)
            if relation.query is not None:
                waiting.append(relation)
    return sorted(name for name in found if review.final.relation(name).row_security)


def _harm(view: Relation, summary: str, what: str, level: Level | None = None) -> Harm:
    return Harm(view.label, summary, f"alter view {view.label} set (security_invoker = true);", what=what, level=level)
