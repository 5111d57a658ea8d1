"""Every table filled, in order; the one public call of this part."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from schemaproof.rows.filler import Filler
from schemaproof.rows.filling import Connection, Filling, Guidance, World
from schemaproof.rows.order import inherited, order
from schemaproof.rows.structure import Structure

__all__ = ["fill"]

# A service's connection finds the functions of extensions (default expressions and triggers name them bare).
_BEFORE = """
    select
        current_setting('statement_timeout'), current_setting('search_path'),
        (
            select string_agg(distinct quote_ident(n.nspname), ', ')
            from pg_catalog.pg_extension as e
            join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
            where n.nspname <> 'pg_catalog' and n.nspname <> all (current_schemas(false))
        )
"""


def fill(
    connection: Connection,
    wanted: Iterable[str],
    worlds: Sequence[World],
    guidance: Guidance | None = None,
    *,
    rows: int = 2,
    seed: int = 0,
    timeout: float = 3.0,
    adopted: int = 10_000,
) -> Filling:
    """Fill tables with valid rows for each world, from the catalogue alone; nothing is raised for what cannot be had.

    Args:
        connection: a superuser's; what is inserted lies in its transaction, or is committed where it has none.
        wanted: schemas, or tables as `format('%I.%I')` writes them; tables that they refer to are filled as well.
        worlds: the tenants.
        guidance: what is known beyond the catalogue.
        rows: how many a table and world; as many as there can be, where a key allows fewer.
        seed: the same seed gives the same values, times aside, which are near now.
        adopted: how many rows that are there already are looked at, of each table.
        timeout: seconds for one statement, for a trigger or a default may sleep.

    Returns:
        The rows that are there at the end, those of triggers, seeds and factories included, and what is missing.
    """
    structure = Structure.read(connection)
    names = set(wanted)
    tables = [
        table
        for table in structure.tables.values()
        if table.label in names or (table.schema in names and not table.extension)
    ]
    with connection.transaction(), _settings(connection, timeout):
        known = guidance or Guidance()
        known = replace(known, classes=inherited(structure, known.classes))
        filler = Filler(connection, structure, tuple(worlds), known, rows, seed, adopted)
        return filler.run(order(structure, tables))


@contextmanager
def _settings(connection: Connection, timeout: float) -> Iterator[None]:
    """Have deferred constraints judge at once, no statement take long, and triggers find what extensions give.

    Limit and search path are as before afterwards.
    """
    row = connection.execute(_BEFORE).fetchone()
    connection.execute("set constraints all immediate")
    limit, path, homes = row or ("0", "", "")
    _set(connection, f"{timeout * 1000:.0f}ms", ", ".join(filter(None, (path, homes))))
    yield
    _set(connection, limit, path)


def _set(connection: Connection, limit: str, path: str) -> None:
    query = "select set_config('statement_timeout', %s, true), set_config('search_path', %s, true)"
    connection.execute(query, [limit, path])
