"""What goes, goes by its name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pglast import ast
from pglast.enums import DropBehavior

from schemaproof.findings import Level
from schemaproof.lint.dependents import Dependent, taken_along
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Schema
from schemaproof.lint.step import Step
from schemaproof.lint.targets import subject_of
from schemaproof.lint.trees import is_a

__all__ = ["cascade_drop"]

# What CASCADE takes of an object that stays itself: its rows lose a tie, but nobody gains anything.
_LIGHT = ("foreign key", "constraint")


@rule(level=Level.ERROR)
def cascade_drop(step: Step, review: Review) -> Iterator[Harm]:
    """DROP … CASCADE takes policies, views and triggers along that no line of the migration names.

    A policy lost so lets nobody in any more, or, where it was restrictive, everybody; a trigger no longer keeps what
    it kept; and the rollback forgets them. PostgreSQL tells it in a NOTICE that no runner shows. An error for what is
    neither made again nor dropped by name; a warning for foreign keys and other constraints; a note where nothing of
    the files is known to go.
    """
    along = taken_along(review.schema, step.node)
    taken = [each for each in along if _is_lost(each, step, review)]
    subject = subject_of(step.node, review.schema)
    if taken and not subject.is_new:
        heavy = [each for each in taken if each.kind not in _LIGHT]
        shown = ", ".join(map(str, (heavy or taken)[:3])) + (", …" if len(heavy or taken) > 3 else "")
        yield Harm(
            subject.object,
            f"CASCADE takes along what the migration does not name: {shown}",
            "Drop each by its name before, or make it again afterwards, and leave CASCADE out.",
            level=Level.ERROR if heavy else Level.WARNING,
            detail="\n".join(_told(taken)),
        )
    elif _cascades(step.node) and not subject.is_new and not along:
        yield Harm(
            subject.object,
            f"{subject.object} is dropped with CASCADE, though nothing of these files is known to depend on it",
            "Leave CASCADE out: PostgreSQL then refuses, and names what would have gone.",
            level=Level.NOTE,
        )


def _cascades(node: Any) -> bool:
    return is_a(node, ast.DropStmt) and node.behavior == DropBehavior.DROP_CASCADE


def _told(taken: Iterable[Dependent]) -> Iterator[str]:
    for each in taken:
        place = f"  ({each.made.location().path.name}:{each.made.line})" if each.made else ""
        yield f"{each}{place}"


def _is_lost(dependent: Dependent, step: Step, review: Review) -> bool:
    """Tell whether it was there before, is not made again, and is dropped by no statement of its own from here on."""
    if dependent.made is not None and dependent.made.is_new and not _is_there(dependent, review.initial):
        return False
    later = review.steps[review.steps.index(step) :]
    return not _is_there(dependent, review.final) and str(dependent) not in _named(later, review)


def _is_there(dependent: Dependent, schema: Schema) -> bool:
    match dependent.kind:
        case "policy":
            return dependent.key in schema.policies
        case "trigger":
            return dependent.key in schema.triggers
        case "foreign key" | "constraint":
            return dependent.key in schema.constraints
        case "column":
            return dependent.key[1] in schema.relation(dependent.key[0]).columns
        case "function":
            return bool(schema.routines(dependent.key.partition("(")[0]))
        case _:
            return dependent.key in schema.relations


def _named(steps: Sequence[Step], review: Review) -> set[str]:
    """Return what statements drop by name, as dependents are written."""
    found = set()
    for step in steps:
        if is_a(step.node, ast.DropStmt):
            for number, _ in enumerate(step.node.objects):
                found.add(_dropped(step.node, number, review.schema))
    return found


def _dropped(node: Any, number: int, schema: Schema) -> str:
    kind = str(node.removeType.name).removeprefix("OBJECT_").lower()
    kind = {"matview": "materialized view"}.get(kind, kind)
    single = ast.DropStmt(objects=(node.objects[number],), removeType=node.removeType, behavior=node.behavior)
    return f"{kind} {subject_of(single, schema).object}"
