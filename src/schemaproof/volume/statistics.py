"""What the planner is told: of all rows where they are few enough, and how the number of distinct values grows."""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.volume.facts import TableFacts, identifier
from schemaproof.volume.model import Model, Table
from schemaproof.volume.recipes import Arrival, Case, Copy, Serial, Template, Uuid
from schemaproof.volume.stream import TableStream

__all__ = ["declare_distinct", "distinct_share", "gather"]

_ROWS_A_TARGET = 300  # ANALYZE reads 300 rows for each step of the statistics target (src/backend/commands/analyze.c)
_LOWEST_TARGET, _HIGHEST_TARGET = 100, 10_000


def gather(
    connection: psycopg.Connection[Any],
    model: Model,
    rows: Mapping[str, int],
    told: Callable[[str, int, int], None],
) -> None:
    """Vacuum and analyse each table; statistics of up to `exact_rows` rows are made of all, so that they never vary."""
    for number, (name, count) in enumerate(rows.items(), 1):
        told("statistics", number, len(rows))
        wanted = -(-count // _ROWS_A_TARGET) if count <= model.exact_rows else 0
        target = min(max(wanted, _LOWEST_TARGET), _HIGHEST_TARGET)
        connection.execute(sql.SQL("set default_statistics_target = {}").format(sql.Literal(target)))
        connection.execute(sql.SQL("vacuum (freeze, analyze) {}").format(identifier(name)))
    connection.execute("reset default_statistics_target")


def declare_distinct(
    connection: psycopg.Connection[Any],
    model: Model,
    facts: Mapping[str, TableFacts],
    streams: Mapping[str, TableStream],
) -> None:
    """Say of the columns whose distinct values grow with the rows that they do: ANALYZE takes it from there."""
    for name, stream in streams.items():
        for column in stream.source.table.columns:
            share = distinct_share(model, stream.source.table, column)
            if share is not None and stream.source.rows:
                form = sql.SQL("alter table {} alter column {} set (n_distinct = {})")
                connection.execute(form.format(identifier(name), sql.Identifier(column), sql.Literal(-share)))


def distinct_share(model: Model, table: Table, column: str) -> float | None:
    """Return the distinct values' share of the rows, of a column that is another for each row; None where it is not."""
    cases = table.cases(column) or ()
    shares = [_share(model, table, case) for case in cases]
    if len(shares) != 1 or shares[0] is None:
        return None
    return shares[0] * cases[0].guard.share


def _share(model: Model, table: Table, case: Case) -> float | None:
    match case.recipe:
        case Uuid() | Serial() | Arrival():
            return 1.0
        case Template(parts=parts) if any(part.source == "row" for part in parts):
            return 1.0
        case Copy(path=path, low=low, high=high) if "." not in path:
            return 1.0 if high > low else distinct_share(model, table, path)
        case _:
            return None
