"""What a backend holds and has done so far, of the relations that were there before; asked on its own connection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from schemaproof.locks.model import Relation
from schemaproof.migrations import LEDGER_SCHEMA

__all__ = ["Connection", "File", "Index", "Seen", "locks_of", "look", "read_relations", "read_rows"]

Connection = psycopg.Connection[Any]

_RELATIONS = """
    select c.oid, format('%%I.%%I', n.nspname, c.relname), c.relkind::text
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'v', 'f') and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', %s)
      and not exists (
          select from pg_catalog.pg_depend as d
          where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )
"""
_LOCKS = """
    select relation, mode
    from pg_catalog.pg_locks
    where locktype = 'relation' and granted and mode <> 'AccessShareLock'
      and pid = %s and relation = any (%s::oid[])
"""
# What the server counts of a transaction is there for the transaction's own backend only.
_FILES = """
    select c.oid, c.relfilenode,
        pg_catalog.pg_stat_get_xact_numscans(c.oid),
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
            + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    from pg_catalog.pg_class as c
    where c.oid = any (%s::oid[])
"""
_INDEXES = """
    select i.indexrelid, i.indrelid, c.relname::text, c.relfilenode,
        pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indexrelid
    where i.indrelid = any (%s::oid[]) and c.relkind = 'i'
"""


@dataclass(frozen=True)
class File:
    """A relation's file, and what was read and written of it in this transaction."""

    node: int
    scans: int
    writes: int


@dataclass(frozen=True)
class Index:
    """An index of a relation; `scans`: how often it was read in this transaction."""

    relation: int
    name: str
    node: int
    scans: int


@dataclass(frozen=True)
class Seen:
    """One look: locks as (relation, mode), files and indexes by oid."""

    locks: frozenset[tuple[int, str]] = frozenset()
    files: Mapping[int, File] = field(default_factory=dict)
    indexes: Mapping[int, Index] = field(default_factory=dict)
    lock_timeout: bool = False

    def indexes_of(self, relation: int) -> int:
        """Return how many indexes a relation has."""
        return sum(index.relation == relation for index in self.indexes.values())


def read_relations(connection: Connection) -> dict[int, Relation]:
    """Return the tables, views and materialised views that are there, the ledger and what extensions made aside."""
    rows = connection.execute(_RELATIONS, (LEDGER_SCHEMA,)).fetchall()
    return {oid: Relation(oid, name, kind) for oid, name, kind in rows}


def read_rows(connection: Connection, relations: Iterable[Relation]) -> dict[str, int]:
    """Count the rows of the tables that are there; one of a few pages counts as it is, an empty one not at all."""
    tables = [each for each in relations if each.kind in "rm"]
    query = "select oid from pg_catalog.pg_class where oid = any (%s::oid[]) and pg_catalog.pg_relation_size(oid) > 0"
    filled = {oid for (oid,) in connection.execute(query, ([each.oid for each in tables],))}
    counted = {}
    for each in tables:
        if each.oid in filled:
            row = connection.execute(f"select count(*) from {each.name}".encode()).fetchone()  # noqa: S608
            counted[each.name] = int(row[0]) if row else 0
    return {name: rows for name, rows in counted.items() if rows}


def look(connection: Connection, relations: Mapping[int, Relation]) -> Seen:
    """Ask the backend of `connection` what it holds and has done in its transaction."""
    oids = list(relations)
    pid = connection.info.backend_pid
    limit = connection.execute("select pg_catalog.current_setting('lock_timeout')").fetchone()
    return Seen(
        locks_of(connection, pid, oids),
        {row[0]: File(*row[1:]) for row in connection.execute(_FILES, (oids,))},
        {row[0]: Index(*row[1:]) for row in connection.execute(_INDEXES, (oids,))},
        limit is not None and limit[0] != "0",
    )


def locks_of(connection: Connection, pid: int, relations: Iterable[int]) -> frozenset[tuple[int, str]]:
    """Return what a backend holds on some relations, ACCESS SHARE aside."""
    return frozenset(connection.execute(_LOCKS, (pid, list(relations))).fetchall())
