"""Fills the tables of a database at a revision with rows as varied as its constraints allow."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from schemaproof.contents import Contents
from schemaproof.rows import Guidance, Unfilled, fill

__all__ = ["furnish"]

_VARY = Path(__file__).with_name("vary.sql").read_text(encoding="utf-8")
_ROWS = 4  # one as it was made up, one with NULLs, one that resembles the first, one with unusual values
_MANY = 50  # a table with more is filled already: what is missing there is variety
_CHOICES = 12  # of a column with more values, not each is tried
_SECONDS = 20
_GIVEN = 3
_CLOSED = Path(__file__).with_name("closed.sql").read_text(encoding="utf-8")


def furnish(
    connection: psycopg.Connection[Any], wanted: Iterable[str], there: Contents, *, varied: bool = True
) -> Mapping[str, Unfilled]:
    """Put rows into tables, some with NULLs, with values that repeat, and with unusual ones.

    Args:
        connection: a superuser's, in autocommit.
        wanted: tables, as `format('%I.%I')` writes them.
        there: what the tables hold already; of those that hold rows, each gets one more.
        varied: without it, rows as `rows.fill` makes them.

    Returns:
        What could not be filled, by table.
    """
    wanted = [label for label in wanted if label in there.tables]
    few = [label for label in wanted if there.tables[label].rows <= _MANY]
    unfilled: dict[str, Unfilled] = {}
    if few:
        most = max(there.tables[label].rows for label in few)
        unfilled |= _fill(connection, few, there, rows=max(_ROWS, most + 1), seed=most)
        closed = _closed(connection, [label for label in few if not there.tables[label].rows])
        if varied and closed:
            most = _ROWS + max(map(len, closed.values()))
            unfilled |= _fill(connection, {label for label, _ in closed}, there, rows=most, pools=closed)
    if varied and wanted:
        _vary(connection, wanted)
        _advance(connection, there.sequences)
    return unfilled


def _fill(
    connection: psycopg.Connection[Any],
    wanted: Iterable[str],
    there: Contents,
    *,
    rows: int,
    seed: int = 0,
    pools: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
) -> dict[str, Unfilled]:
    guidance = Guidance(shared=frozenset(there.tables), pools=pools or {})
    filling = fill(connection, wanted, (), guidance, rows=rows, seed=seed, adopted=_MANY + rows)
    return {found.relation: found for found in reversed(filling.unfilled) if not found.replica}


def _closed(connection: psycopg.Connection[Any], wanted: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the columns that can have but a few values, with those: enums, and what a CHECK lists."""
    found = connection.execute(_CLOSED, {"wanted": wanted, "most": _CHOICES}).fetchall() if wanted else ()
    return {(label, column): tuple(values) for label, column, values in found}


def _advance(connection: psycopg.Connection[Any], sequences: Iterable[str]) -> None:
    """Have each sequence give some numbers, as far as it has any left: one at its start cannot be set back."""
    for name in sequences:
        with suppress(psycopg.errors.SequenceGeneratorLimitExceeded), connection.transaction():
            connection.execute("select nextval(%s) from generate_series(1, %s)", [name, _GIVEN])


def _vary(connection: psycopg.Connection[Any], tables: list[str]) -> None:
    with connection.transaction():
        connection.execute(_VARY.encode())
        connection.execute(f"set local statement_timeout = '{_SECONDS}s'; set local lock_timeout = '1s'".encode())
        try:
            with connection.transaction():
                connection.execute("select pg_temp.schemaproof_vary(%s)", [tables])
        except psycopg.errors.QueryCanceled:
            return  # a trigger that sleeps: the rows are as they were made up
