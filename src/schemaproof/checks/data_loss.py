"""Each migration goes up, down and up again with rows in the tables, and the data that was there survives."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level
from schemaproof.stairs import Record, prove_data

__all__ = ["data_loss"]


@check(level=Level.ERROR, stepwise=True)
def data_loss(context: Context) -> Iterator[Finding]:
    """A rollback gives back the schema and not the data, and nobody notices until it is needed.

    From every revision, with rows made up for each table, each migration is applied, reverted and applied again. What
    the tables held before must be there afterwards, value by value: a column that was dropped and comes back empty, a
    type that was narrowed, values that were merged are lost. `-- schemaproof: lossy <table>.<column> <reason>` declares
    a loss, `-- schemaproof: irreversible <reason>` all of a file's. Statements that pass on empty tables and fail on
    rows are found on the way.
    """
    history = context.target.history
    if not any(migration.rollback for migration in history):
        raise NotApplicable(
            "a single file has no rollbacks"
            if context.target.is_file
            else "the project has no rollbacks: set `rollbacks` in the settings, or give --rollbacks"
        )
    if not context.session.can_start_over:
        raise NotApplicable("the migrations make roles, so that a second way up takes a server that schemaproof starts")
    record = Record()
    yield from prove_data(context.session, context.steps, record=record)
    if not record.tables:
        raise NotApplicable("no table could be filled with a row")
    context.proved["steps"] += record.steps + record.untouched
    context.proved["tables"] += len(record.tables)
    context.proved["rows"] += record.rows
    yield from (_unfilled(label, why) for label, why in record.unfilled.items() if label not in record.tables)


def _unfilled(label: str, why: str) -> Finding:
    return Finding(
        "data_loss",
        label,
        f"{label} held no row, so that nothing is known of what migrations do to its data",
        "Mend the constraint or trigger that refuses every row, or try the migration by hand.",
        level=Level.WARNING,
        detail=why,
        key=f"data_loss:unfilled:{label}",
    )
