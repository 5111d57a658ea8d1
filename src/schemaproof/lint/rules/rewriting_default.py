"""A new column comes without its table being written anew."""

from collections.abc import Iterator
from typing import Any

from pglast.enums import AlterTableType, ConstrType

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.names import label, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Function, Schema
from schemaproof.lint.step import Step
from schemaproof.origins.names import strings
from schemaproof.references import call_of, nodes

__all__ = ["rewriting_default"]

_VOLATILE = frozenset(
    (
        "clock_timestamp",
        "gen_random_bytes",
        "gen_random_uuid",
        "nextval",
        "random",
        "setval",
        "timeofday",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "uuidv7",
    )
)
_SERIALS = frozenset(("bigserial", "serial", "serial2", "serial4", "serial8", "smallserial"))


@rule(level=Level.WARNING, instead_of=("adding-field-with-default", "adding-serial-primary-key-field"))
def rewriting_default(step: Step, review: Review) -> Iterator[Harm]:
    """A column with a volatile default writes the whole table anew, under ACCESS EXCLUSIVE: nobody reads it meanwhile.

    A default that is the same for every row is kept in the catalogue (manual, ALTER TABLE, Notes); `gen_random_uuid()`,
    a sequence, an identity or a stored expression is computed for each row.
    """
    for table, command in alterations(step, review, AlterTableType.AT_AddColumn):
        if reason := _reason(command.def_, review.schema):
            yield Harm(
                f"{table.label}.{written(command.def_.colname)}",
                f"{table.label} is written anew, under ACCESS EXCLUSIVE, for {command.def_.colname}: {reason}",
                "Add the column without it, set the default in a second statement, and fill old rows in batches.",
                at=command.def_,
            )


def _reason(column: Any, schema: Schema) -> str:
    if strings(column.typeName.names)[-1] in _SERIALS:
        return "a sequence numbers every row"
    for each in column.constraints or ():
        if each.contype == ConstrType.CONSTR_IDENTITY:
            return "an identity numbers every row"
        if each.contype == ConstrType.CONSTR_GENERATED and each.generated_kind != "v":
            return "its expression is stored in every row"
        if each.contype == ConstrType.CONSTR_DEFAULT and (name := _volatile(each.raw_expr, schema)):
            return f"{name}() is computed for every row"
    return ""


def _volatile(expression: Any, schema: Schema) -> str:
    """Return the first function in an expression that may differ from row to row."""
    for call in filter(None, map(call_of, nodes(expression))):
        own = schema.routines(label(call))
        if call.name in _VOLATILE or any(_is_volatile(each) for each in own):
            return call.name
    return ""


def _is_volatile(function: Function) -> bool:
    declared = function.options.get("volatility")
    return declared is None or declared.sval.lower() == "volatile"
