"""A constraint is proved while everybody goes on writing."""

from collections.abc import Iterator
from typing import Any

from pglast.enums import AlterTableType, ConstrType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.names import label, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step

__all__ = ["scanning_constraint"]

_KINDS = {ConstrType.CONSTR_FOREIGN: "foreign key", ConstrType.CONSTR_CHECK: "check"}
_LATER = "Add it NOT VALID, and validate it in a migration of its own."


@rule(level=Level.WARNING, instead_of=("adding-foreign-key-constraint", "constraint-missing-not-valid"))
def scanning_constraint(step: Step, review: Review) -> Iterator[Harm]:
    """Adding a foreign key or CHECK reads every row while it keeps writers out, and readers too for a CHECK.

    NOT VALID adds it at once, for new rows; VALIDATE CONSTRAINT proves the old ones under a lock that lets everybody
    read and write (manual, ALTER TABLE). In the same transaction it gains nothing: the first lock is still held.
    """
    for table, command in alterations(step, review, AlterTableType.AT_AddConstraint):
        node = command.def_
        kind = _KINDS.get(node.contype)
        if kind and not node.skip_validation:
            tables = dict.fromkeys((table.label, *([label(node.pktable)] if node.pktable is not None else [])))
            yield Harm(
                table.label,
                f"the {kind} {_name(node)} is proved by a scan while {' and '.join(tables)} cannot be written",
                _LATER,
                what=_name(node),
                at=node,
            )
    for table, command in alterations(step, review, AlterTableType.AT_ValidateConstraint):
        added = review.schema.constraints.get((table.label, command.name))
        if added is not None and added.step.transaction == step.transaction:
            yield Harm(
                table.label,
                f"{written(command.name)} is validated in the transaction that adds it, whose lock lasts until the end",
                _LATER,
                what=command.name,
            )


def _name(node: Any) -> str:
    return written(node.conname) if node.conname else "constraint"
