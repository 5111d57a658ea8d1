"""A column's type changes without its table being written anew."""

from collections.abc import Iterator

from pglast.enums import AlterTableType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.types import Type, is_binary

__all__ = ["rewritten_type"]


@rule(level=Level.WARNING, instead_of=("changing-column-type",))
def rewritten_type(step: Step, review: Review) -> Iterator[Harm]:
    """Changing the type writes the whole table and its indexes anew, and nobody reads it until that has ended.

    ALTER COLUMN TYPE takes ACCESS EXCLUSIVE (manual, ALTER TABLE). Types that are stored alike (`varchar` to `text`, a
    longer `varchar`, a `numeric` with more digits before the point) are changed in the catalogue alone.
    """
    for table, command in alterations(step, review, AlterTableType.AT_AlterColumnType):
        old = table.columns.get(command.name)
        before = Type.of(old.type) if old is not None and old.type is not None else None
        after = Type.of(command.def_.typeName)
        if before is not None and (before == after or is_binary(before, after)):
            continue
        yield Harm(
            f"{table.label}.{command.name}",
            f"{table.label} is written anew, under ACCESS EXCLUSIVE, to make {command.name} {after}"
            + (f" (it was {before})" if before else ""),
            "Add a column of the new type, keep it by a trigger, fill it in batches, and change over.",
            level=None if before else Level.NOTE,
            at=command.def_,
        )
