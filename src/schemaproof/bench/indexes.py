"""The indexes of a schema: what each is on, what it enforces, and whether row-level security lets a query use it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

__all__ = ["Index", "read_indexes", "redundant"]

# An operator that is not leakproof is kept behind the policies of a table (manual, Rules and Privileges): an index of
# such operators alone serves nobody who is subject to them, but through a function of who is not.
_INDEXES = """
    select
        c.relname as name,
        n.nspname || '.' || c.relname as qualified,
        n.nspname || '.' || t.relname as table,
        pg_get_indexdef(i.indexrelid) as definition,
        m.amname as method,
        array(
            select pg_get_indexdef(i.indexrelid, k, false) from generate_series(1, i.indnkeyatts) as k
        ) as columns,
        array(
            select concat_ws(
                ' ', pg_get_indexdef(i.indexrelid, k, false), i.indclass[k - 1], i.indcollation[k - 1],
                i.indoption[k - 1]
            )
            from generate_series(1, i.indnkeyatts) as k
        ) as keys,
        array(
            select pg_get_indexdef(i.indexrelid, k, false) from generate_series(i.indnkeyatts + 1, i.indnatts) as k
        ) as included,
        pg_get_expr(i.indpred, i.indrelid) as predicate,
        i.indisunique as is_unique,
        exists (select from pg_constraint as k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
            as is_constraint,
        pg_relation_size(i.indexrelid) as bytes,
        t.relrowsecurity as under_policies,
        exists (
            select from unnest(i.indclass) as o (opclass)
            join pg_opclass as oc on oc.oid = o.opclass
            join pg_amop as a on a.amopfamily = oc.opcfamily and a.amoppurpose = 's'
            join pg_operator as op on op.oid = a.amopopr
            join pg_proc as p on p.oid = op.oprcode
            where p.proleakproof
        ) as is_leakproof
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    join pg_class as t on t.oid = i.indrelid
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_am as m on m.oid = c.relam
    where n.nspname = any (%(schemas)s) and t.relkind in ('r', 'p', 'm')
    order by 3, 1
"""


@dataclass(frozen=True)
class Index:
    """One index.

    Args:
        name: without its schema, as plans have it; `qualified` with it.
        columns: its key columns and expressions.
        keys: these with operator class, collation and direction, so that equal ones sort and search alike.
        included: columns that it only carries.
        is_constraint: it belongs to a primary key, unique or exclusion constraint.
        is_leakproof: some operator that searches it is leakproof.
    """

    name: str
    qualified: str
    table: str
    definition: str
    method: str
    columns: list[str]
    keys: list[str]
    included: list[str]
    predicate: str | None
    is_unique: bool
    is_constraint: bool
    bytes: int
    under_policies: bool
    is_leakproof: bool


def read_indexes(connection: psycopg.Connection, schemas: Iterable[str]) -> tuple[Index, ...]:
    """Return the indexes of the schemas' tables."""
    cursor = connection.cursor(row_factory=class_row(Index))
    return tuple(cursor.execute(_INDEXES, {"schemas": list(schemas)}).fetchall())


def redundant(indexes: Iterable[Index]) -> Iterator[tuple[Index, Index]]:
    """Yield each index that another one makes superfluous by its definition, and that other one.

    It has the first keys of the other, in their order, the same method and predicate, carries nothing that the other
    has not, and enforces nothing.
    """
    found = list(indexes)
    for index in found:
        for other in found:
            if index is not other and not (index.is_constraint or index.is_unique) and _is_prefix(index, other):
                yield index, other
                break


def _is_prefix(index: Index, other: Index) -> bool:
    alike = (index.table, index.method, index.predicate) == (other.table, other.method, other.predicate)
    carried = {*index.included} <= {*other.columns, *other.included}
    same = other.keys[: len(index.keys)] == index.keys and carried
    equal = (index.keys, {*index.included}) == (other.keys, {*other.included})
    twin = equal and not (other.is_constraint or other.is_unique)
    return alike and same and index.method == "btree" and not (twin and index.name < other.name)
