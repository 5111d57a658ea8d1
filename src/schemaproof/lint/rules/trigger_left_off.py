"""A trigger that is switched off for a while is switched on again."""

from collections.abc import Iterator

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.names import part_of, routine_label, routine_name, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["trigger_left_off"]

_DISABLES = (AlterTableType.AT_DisableTrig, AlterTableType.AT_DisableTrigAll, AlterTableType.AT_DisableTrigUser)
_ENABLES = (
    AlterTableType.AT_EnableTrig,
    AlterTableType.AT_EnableTrigAll,
    AlterTableType.AT_EnableTrigUser,
    AlterTableType.AT_EnableAlwaysTrig,
)


@rule(level=Level.ERROR)
def trigger_left_off(step: Step, review: Review) -> Iterator[Harm]:
    """A trigger is switched off or dropped, and what it kept (a timestamp, an audit, a rule) is kept by nobody.

    Switched off for a backfill and forgotten, it stays so: nothing fails, and the catalogue lists it as before. Dropped
    while its function is written anew, it was to be made again: an error.
    """
    for table, command in alterations(step, review, *_DISABLES):
        if table.label in review.final.relations and not _comes_back(step, review, table.label, command.name):
            name = f"{table.label}.{written(command.name)}" if command.name else table.label
            yield Harm(
                name,
                f"{'trigger ' + name if command.name else 'every trigger of ' + name} is switched off, and stays so",
                f"alter table {table.label} enable trigger {written(command.name) if command.name else 'user'};",
                what="disabled",
                level=Level.WARNING,
            )
    yield from _dropped(step, review)


def _comes_back(step: Step, review: Review, table: str, name: str | None) -> bool:
    later = review.steps[review.steps.index(step) + 1 :]
    commands = [each for other in later for each in alterations(other, review, *_ENABLES)]
    put_back = any(where.label == table and each.name in (None, name) for where, each in commands)
    return put_back or (name is not None and (table, name) not in review.final.triggers)


def _dropped(step: Step, review: Review) -> Iterator[Harm]:
    if not is_a(step.node, ast.DropStmt) or step.node.removeType != ObjectType.OBJECT_TRIGGER:
        return
    for item in step.node.objects:
        table, name = part_of(item)
        old = review.schema.triggers.get((table, name))
        stay = [each for each in review.final.triggers.values() if each.table == table]
        if old is None or review.existing(table) is None or table not in review.final.relations:
            continue
        if not any(each.name == name or each.function == old.function or each.step.is_new for each in stay):
            yield Harm(
                f"{table}.{written(name)}",
                f"trigger {table}.{written(name)} is dropped: {old.function}() is no longer called for {table}",
                "Put it back; or, where it is meant to go, say so in the migration and exclude this.",
                what="dropped",
                level=Level.ERROR if _is_written_anew(old.function, review) else Level.NOTE,
            )


def _is_written_anew(function: str, review: Review) -> bool:
    """Tell whether the migrations that are looked at make the function, or make it again."""
    return any(
        is_a(step.node, ast.CreateFunctionStmt) and routine_name(routine_label(step.node.funcname, ())) == function
        for step in review.steps
    )
