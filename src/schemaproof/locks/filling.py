"""Fills the tables that a migration touches with many valid rows: a few synthesised ones, multiplied on the server."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql

from schemaproof.locks.model import Relation
from schemaproof.locks.probe import Connection
from schemaproof.rows import World, fill

__all__ = ["fill_tables"]

_WORLDS = (World("A"), World("B"))
_SEEDS = 5  # a table and world
_TRIES = 6

# Columns that a copy can hold, and for each unique key those that may be made anew: none of a foreign key first.
_COLUMNS = """
    select a.attname, format_type(a.atttypid, null),
        exists (
            select from pg_constraint as f
            where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any (f.conkey)
        ),
        exists (
            select from pg_constraint as c
            where c.conrelid = a.attrelid and c.contype = 'c' and a.attnum = any (c.conkey)
        )
    from pg_attribute as a
    where a.attrelid = %s and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum
"""
_KEYS = """
    select array(
        select a.attname::text from unnest(i.indkey::int2[]) as k (number)
        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
    )
    from pg_index as i
    where i.indrelid = %s and (i.indisunique or i.indisexclusion)
"""
_ALWAYS = "select tgname::text from pg_trigger where tgrelid = %s and tgenabled = 'A' and not tgisinternal"
# What makes a value that no other row has, of copy number {n} of a row, by type; {c} is the row's own.
_FRESH: Mapping[str, str] = {
    "uuid": "gen_random_uuid()",
    "integer": "1000000 + {n}",
    "bigint": "1000000 + {n}",
    "numeric": "1000000 + {n}",
    "text": "{c} || {n}",
    "character varying": "{c} || {n}",
    "timestamp with time zone": "{c} - {n} * interval '1 minute'",
    "date": "{c} - {n}::int",
}


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    refers: bool
    checked: bool


def fill_tables(connection: Connection, relations: Iterable[Relation], rows: int) -> dict[str, int]:
    """Bring tables to about `rows` rows each, as far as their keys and checks allow, and count them.

    Args:
        connection: a superuser's, in autocommit, to a database that is dropped afterwards.
        relations: tables; others are passed over.
        rows: how many.
    """
    tables = [each for each in relations if each.kind in "rp"]
    counts = {each.name: _count(connection, each) for each in tables}
    few = [each for each in tables if counts[each.name] < rows]
    if few:
        fill(connection, [each.name for each in few], _WORLDS, rows=_SEEDS)
    for each in few:
        _multiply(connection, each, rows)
        counts[each.name] = _count(connection, each)
        connection.execute(f"analyze {each.name}".encode())
    return counts


def _count(connection: Connection, table: Relation) -> int:
    row = connection.execute(f"select count(*) from {table.name}".encode()).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _multiply(connection: Connection, table: Relation, rows: int) -> None:
    """Copy the rows that are there, with new values for a column of each key; where all tries fail, they stay few."""
    columns = [_Column(*row) for row in connection.execute(_COLUMNS, (table.oid,))]
    keys = [set(row[0]) for row in connection.execute(_KEYS, (table.oid,))]
    there = _count(connection, table)
    for fresh in itertools.islice(_choices(columns, keys) if there else (), _TRIES):
        with suppress(psycopg.Error), connection.transaction(), _without_triggers(connection, table):
            connection.execute(_copy(table, columns, set(fresh), times=max(1, rows // there)))
            return


@contextmanager
def _without_triggers(connection: Connection, table: Relation) -> Iterator[None]:
    """Have no trigger fire, ENABLE ALWAYS or not, and none of foreign keys, whose columns are copied as they are."""
    connection.execute("set local session_replication_role = replica")
    always = [name for (name,) in connection.execute(_ALWAYS, (table.oid,))]
    for name in always:
        connection.execute(sql.SQL(f"alter table {table.name} disable trigger {{}}").format(sql.Identifier(name)))
    yield
    for name in always:
        connection.execute(sql.SQL(f"alter table {table.name} enable always trigger {{}}").format(sql.Identifier(name)))


def _choices(columns: Sequence[_Column], keys: Iterable[set[str]]) -> Iterable[tuple[str, ...]]:
    """Give a column of each key that can be made anew, likelier ones first; one that refers to another cannot."""
    able = [each for each in columns if each.type in _FRESH and not each.refers]
    able.sort(key=lambda each: (list(_FRESH).index(each.type), each.checked))
    return itertools.product(*([each.name for each in able if each.name in key] for key in keys))


def _copy(table: Relation, columns: Sequence[_Column], fresh: set[str], *, times: int) -> sql.Composed:
    number = sql.SQL("(row_number() over ())")
    values = [
        sql.SQL(_FRESH[each.type]).format(c=sql.SQL("t.") + sql.Identifier(each.name), n=number)
        if each.name in fresh
        else sql.SQL("t.") + sql.Identifier(each.name)
        for each in columns
    ]
    return sql.SQL(
        "insert into {table} ({columns}) overriding system value "
        "select {values} from {table} as t, generate_series(1, {n})"
    ).format(
        table=sql.SQL(table.name),
        columns=sql.SQL(", ").join(sql.Identifier(each.name) for each in columns),
        values=sql.SQL(", ").join(values),
        n=sql.Literal(times),
    )
