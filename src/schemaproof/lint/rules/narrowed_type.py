"""What was stored fits into the column's new type."""

from collections.abc import Iterator

from pglast.enums import AlterTableType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.types import Type, narrows

__all__ = ["narrowed_type"]


@rule(level=Level.WARNING)
def narrowed_type(step: Step, review: Review) -> Iterator[Harm]:
    """The column's new type holds less: the migration fails on rows that do not fit, or rounds and cuts them.

    `varchar(n)` and `integer` refuse what is too long or too large; `numeric` with fewer decimals rounds, `date` drops
    the time, and `timestamp` the zone, without a word. No rollback brings it back.
    """
    for table, command in alterations(step, review, AlterTableType.AT_AlterColumnType):
        old = table.columns.get(command.name)
        if old is None or old.type is None:
            continue
        before, after = Type.of(old.type), Type.of(command.def_.typeName)
        if reason := narrows(before, after):
            yield Harm(
                f"{table.label}.{command.name}",
                f"{table.label}.{command.name} is narrowed from {before} to {after}: {reason}",
                "Look for rows that do not fit first; or add a column of the new type, fill it, and change over.",
                at=command.def_,
            )
