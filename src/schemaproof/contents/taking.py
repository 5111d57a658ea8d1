"""Takes the contents: one query tells which tables there are, one message reads them all, one scan a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from schemaproof.contents.contents import Contents, Held, Row
from schemaproof.migrations import LEDGER_SCHEMA

__all__ = ["take_contents"]

_TABLES = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")
# Pages of a table whose rows are compared one by one; of a larger one, a sample that is about as large.
_PAGES = 64
# What the text of a value depends on besides the value.
_SETTINGS = """
    set local time zone 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres';
    set local extra_float_digits to 1; set local bytea_output to 'hex'; set local jit to off;
    set local max_parallel_workers_per_gather to 0
"""


def take_contents(
    connection: psycopg.Connection[Any], schemas: Iterable[str] | None = None, *, like: Contents | None = None
) -> Contents:
    """Hash what the tables hold, on the server; values go in by their text, which every type has, but 2.50 as 2.5.

    A hash of a column is the sum of its values' 64-bit hashes, so that neither the order of rows nor that of columns
    matters. Rows of the first 64 pages' worth are told apart by the primary key, so that values that changed places
    are seen, and how many rows differ.

    Args:
        connection: a superuser's, in autocommit.
        schemas: where tables are looked for; None: everywhere but in the system's schemas and the ledger's. Tables of
            extensions are left out.
        like: contents to be compared with these: of a large table, the same rows are sampled.
    """
    wanted = list(schemas) if schemas is not None else None
    with connection.transaction():
        connection.execute(_SETTINGS.encode())
        row = connection.execute(_TABLES, {"schemas": wanted, "but": [LEDGER_SCHEMA]}).fetchone()
        found: dict[str, Any] = row[0] if row else {}
        tables: list[dict[str, Any]] = found["tables"]
        masks = [_mask(table, like) for table in tables]
        held = list(_read(connection, tables, masks))
    return Contents({table["label"]: each for table, each in zip(tables, held, strict=True)}, found["sequences"])


def _mask(table: dict[str, Any], like: Contents | None) -> int:
    """The bits that have to be 0 in a key's hash for the row to be sampled: one more each time the table doubles."""
    if like is not None and (before := like.tables.get(table["label"])):
        return before.mask
    times: int = table["pages"] // _PAGES
    return (1 << times.bit_length()) - 1


def _read(
    connection: psycopg.Connection[Any], tables: Sequence[dict[str, Any]], masks: Sequence[int]
) -> Iterator[Held]:
    if not tables:
        return
    pairs = zip(tables, masks, strict=True)
    cursor = connection.execute("; ".join(_query(table, mask) for table, mask in pairs).encode())
    for table, mask in zip(tables, masks, strict=True):
        row = cursor.fetchone()
        assert row is not None
        yield _held(table, mask, row)
        cursor.nextset()


def _query(table: dict[str, Any], mask: int) -> str:
    """One scan; OFFSET 0 has the server hash each value once.

    A row is hashed by the text of its hashes: hash_array() is linear in them, so that sums over rows would be the same
    however values are spread over rows.
    """
    columns = [f"h{number}" for number in range(len(table["columns"]))]
    source = f"{'only ' if table['only'] else ''}{table['label']}"
    if not columns:
        return f"select count(*), null, null, 0, null from {source}"  # noqa: S608 - quoted by format()
    values = (
        f"trim_scale({_quoted(name)})" if name in table["numerics"] else _quoted(name) for name in table["columns"]
    )
    hashes = [f"{_hash(value)} as h{number}" for number, value in enumerate(values)]
    every = f"array[{', '.join(columns)}]"
    parts = [columns[table["columns"].index(name)] for name in table["key"]]
    key = f"hash_array_extended(array[{', '.join(parts)}], 0)" if parts else "whole"
    return (
        f"select count(*), array[{', '.join(f'coalesce(sum({name}), 0)' for name in columns)}], "  # noqa: S608
        f"array[{', '.join(f'count({name})' for name in columns)}], coalesce(sum(whole), 0), "
        f"array_agg(array_prepend(key, every)) filter (where key & {mask} = 0) "
        f"from (select *, {key} as key from ("
        f"select *, {every} as every, {_hash(every)} as whole from ("
        f"select {', '.join(hashes)} from {source} offset 0) as hashed) as rows) as keyed"
    )


def _hash(value: str) -> str:
    """Of a value's text, byte by byte, whatever the collation holds for the same."""
    return f'hashtextextended({value}::text collate "C", 0)'


def _held(table: dict[str, Any], mask: int, row: tuple[Any, ...]) -> Held:
    rows, totals, filled, whole, sample = row
    counts: Counter[int] = Counter(key for key, *_ in sample or ())
    values: dict[int, Row] = {key: tuple(each) for key, *each in sample or ()}
    return Held(
        rows,
        tuple(table["columns"]),
        tuple(map(int, totals or ())),
        tuple(filled or ()),
        int(whole),
        tuple(table["key"]),
        {key: (each, counts[key]) for key, each in values.items()},
        mask,
        table["shape"],
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
