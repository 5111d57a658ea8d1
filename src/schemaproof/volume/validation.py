"""Holds a model against a database: unknown tables and columns, and columns that must have a value and get none."""

from collections.abc import Mapping

from schemaproof.errors import did_you_mean
from schemaproof.volume.facts import TableFacts
from schemaproof.volume.model import Model, Table

__all__ = ["validate"]


def validate(model: Model, facts: Mapping[str, TableFacts]) -> None:
    """Raise UsageError, with the model's file and line, for what the database does not have or cannot do without."""
    for table in model.tables.values():
        if table.name not in facts:
            remedy = did_you_mean(table.name, facts, otherwise="Write it as schema.table.")
            raise model.document.error(table.key, "there is no such table", remedy=remedy)
        _validate_columns(model, table, facts[table.name])


def _validate_columns(model: Model, table: Table, facts: TableFacts) -> None:
    for name in table.columns:
        key = (*table.key, "columns", name)
        if name not in facts.columns:
            remedy = did_you_mean(name, facts.columns, otherwise=f"Columns: {', '.join(facts.columns)}.")
            raise model.document.error(key, f"{table.name} has no such column", remedy=remedy)
        if facts.columns[name].generated:
            raise model.document.error(key, "is a generated column, which takes no values", remedy="Leave it out.")
    for column in facts.columns.values():
        if column.not_null and not column.has_default and not column.generated and column.name not in table.columns:
            raise model.document.error(
                table.key, f"the column {column.name} must not be NULL and has no recipe", remedy="Give it one."
            )
