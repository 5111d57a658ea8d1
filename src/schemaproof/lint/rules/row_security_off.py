"""What policies guard stays guarded."""

from collections.abc import Iterator

from pglast.enums import AlterTableType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.names import written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step

__all__ = ["row_security_off"]


@rule(level=Level.ERROR)
def row_security_off(step: Step, review: Review) -> Iterator[Harm]:
    """Row-level security is switched off: the policies stay, look as before, and keep nobody out.

    An error where a table that was guarded is not guarded at the end; a warning where FORCE is taken away, so that
    the policies no longer hold for the owner, nor for what runs with its rights.
    """
    for table, _ in alterations(step, review, AlterTableType.AT_DisableRowSecurity):
        guarded = table.row_security or not table.known or bool(review.schema.policies_of(table.label))
        if guarded and not _is_on(review, table.label):
            policies = ", ".join(written(each.name) for each in review.final.policies_of(table.label)[:3])
            yield Harm(
                table.label,
                f"row-level security of {table.label} is switched off"
                + (f", and keeps nobody out any more: {policies}" if policies else ""),
                f"alter table {table.label} enable row level security;",
                what="disabled",
            )
    for table, _ in alterations(step, review, AlterTableType.AT_NoForceRowSecurity):
        if not review.final.relation(table.label).forced:
            yield Harm(
                table.label,
                f"policies of {table.label} no longer hold for its owner: NO FORCE",
                f"alter table {table.label} force row level security;",
                what="not forced",
                level=Level.WARNING,
            )


def _is_on(review: Review, name: str) -> bool:
    """Tell whether it is on at the end, or the table is gone."""
    return name not in review.final.relations or review.final.relation(name).row_security
