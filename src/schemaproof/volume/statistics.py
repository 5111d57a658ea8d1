"""What the planner is told: of all rows where they are few enough, and how the number of distinct values grows."""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.volume.facts import identifier
from schemaproof.volume.model import Model, Table, paths
from schemaproof.volume.recipes import Arrival, Case, Copy, Number, Serial, Size, Template, Uuid

__all__ = ["declare_distinct", "gather", "grows"]

_ROWS_A_TARGET = 300  # ANALYZE reads 300 rows for each step of the statistics target (src/backend/commands/analyze.c)
_LOWEST_TARGET, _HIGHEST_TARGET = 100, 10_000
# A positive number is one of values, a negative one their share of the rows (pg_statistic in the manual).
_AS_SHARES = """
    update pg_catalog.pg_statistic
    set stadistinct = -least(stadistinct / %(rows)s, 1)
    from pg_catalog.pg_attribute as a
    where starelid = %(table)s::regclass and a.attrelid = starelid and a.attnum = staattnum
        and a.attname = any (%(columns)s) and stadistinct > 0
"""
_SHARES = """
    select a.attname, stadistinct
    from pg_catalog.pg_statistic
    join pg_catalog.pg_attribute as a on a.attrelid = starelid and a.attnum = staattnum
    where starelid = %(table)s::regclass and a.attname = any (%(columns)s) and stadistinct < 0
    order by a.attnum
"""


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
        connection.execute(sql.SQL("vacuum (freeze, analyze, index_cleanup off) {}").format(identifier(name)))
    connection.execute("reset default_statistics_target")


def declare_distinct(connection: psycopg.Connection[Any], model: Model, rows: Mapping[str, int]) -> None:
    """Declare the distinct values of columns that get more with the rows as a share of these, as ANALYZE has counted.

    A table whose length is only pretended is then planned as one of that length. The statistics in force are changed
    with the declaration, which another ANALYZE would else be needed for.
    """
    for name, count in rows.items():
        table = model.tables[name]
        columns = [column for column in table.columns if grows(model, table, column)]
        where = {"table": identifier(name).as_string(connection), "columns": columns, "rows": float(count)}
        connection.execute(_AS_SHARES, where)
        for column, share in connection.execute(_SHARES, where).fetchall():
            form = sql.SQL("alter table {} alter column {} set (n_distinct = {})")
            literal = sql.SQL(f"{share:.6g}")
            connection.execute(form.format(identifier(name), sql.Identifier(column), literal))


def grows(model: Model, table: Table, column: str) -> bool:
    """Tell whether a column has the more distinct values the more rows there are."""
    return any(_grows(model, table, case) for case in table.cases(column) or ())


def _grows(model: Model, table: Table, case: Case) -> bool:
    match case.recipe:
        case Uuid() | Serial() | Arrival() | Number(high=Size()):
            return True
        case Template(parts=parts) if any(part.source in ("row", "random") for part in parts):
            return True
        case Copy(low=low, high=high) if high > low:
            return True
        case _:
            sources = set(paths(case)) - set(case.guard.paths())
            found = [model.resolve(table, path) for path in sources]
            return any(grows(model, *each) for each in found if each is not None)
