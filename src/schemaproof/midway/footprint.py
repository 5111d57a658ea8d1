"""What a database looks like from afar: enough to tell exactly, in milliseconds, that nothing in it was changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["Footprint", "take_footprint"]

# The catalogues that say what there is, and every table of the project's or the platform's. Shared catalogues are left
# out, since other databases write to them, and statistics, which are no part of a schema.
_RELATIONS = """
    select n.nspname::text, c.relname::text, c.relkind = 'S', n.nspname = 'pg_catalog', c.relpersistence = 'u'
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not c.relisshared and c.relpersistence <> 't'
      and (c.relkind = any ('{m,S}') or (c.relkind = 'r' and n.nspname <> 'pg_catalog')
        or (n.nspname = 'pg_catalog' and c.relname = any (array[
            'pg_aggregate', 'pg_am', 'pg_amop', 'pg_amproc', 'pg_attrdef', 'pg_attribute', 'pg_cast', 'pg_class',
            'pg_collation', 'pg_constraint', 'pg_conversion', 'pg_default_acl', 'pg_depend', 'pg_description',
            'pg_enum', 'pg_event_trigger', 'pg_extension', 'pg_foreign_data_wrapper', 'pg_foreign_server',
            'pg_foreign_table', 'pg_index', 'pg_inherits', 'pg_init_privs', 'pg_language', 'pg_largeobject_metadata',
            'pg_namespace', 'pg_opclass', 'pg_operator', 'pg_opfamily', 'pg_partitioned_table', 'pg_policy', 'pg_proc',
            'pg_publication', 'pg_publication_namespace', 'pg_publication_rel', 'pg_range', 'pg_rewrite',
            'pg_seclabel', 'pg_sequence', 'pg_statistic_ext', 'pg_transform', 'pg_trigger', 'pg_ts_config',
            'pg_ts_config_map', 'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template', 'pg_type', 'pg_user_mapping'])))
      and n.nspname <> all (array['information_schema', 'pg_toast'])
    order by 1, 2
"""
_ROWS = "select {}::text, count(*), max(xmin::text::bigint) from only {}"
_SEQUENCE = "select {}::text, last_value, is_called::int from {}"


@dataclass(frozen=True)
class Footprint:
    """Of each table its number of rows and the newest transaction that wrote one; of each sequence where it stands.

    Transactions are numbered as they begin, so whatever commits a new version of a row moves the second number, and
    whatever only deletes rows the first. What was rolled back moves neither.

    Args:
        catalogues: of PostgreSQL's own tables.
        tables: of all others, by their qualified names.
        sequences: last value, and whether it was given out.
        unlogged: names of tables that a crash empties.
    """

    catalogues: Mapping[str, tuple[int, int]]
    tables: Mapping[str, tuple[int, int]]
    sequences: Mapping[str, tuple[int, int]]
    unlogged: frozenset[str]

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {name: count for name, (count, _) in self.tables.items()}

    def moved(self, other: "Footprint") -> dict[str, bool]:
        """Return the sequences that stand elsewhere in `other`, and of each whether that is further on."""
        theirs = other.sequences
        both = [name for name in self.sequences if name in theirs]
        return {name: theirs[name] > self.sequences[name] for name in both if theirs[name] != self.sequences[name]}

    def same_rows(self, other: "Footprint") -> bool:
        """Tell whether nothing but sequences differs."""
        return (self.catalogues, self.tables) == (other.catalogues, other.tables)

    def same_after_crash(self, other: "Footprint") -> bool:
        """Tell whether nothing differs that a crash keeps: not sequences, which jump ahead, nor unlogged tables."""
        return (self.catalogues, self._logged()) == (other.catalogues, other._logged())

    def _logged(self) -> dict[str, tuple[int, int]]:
        return {name: found for name, found in self.tables.items() if name not in self.unlogged}


def take_footprint(connection: psycopg.Connection[Any]) -> Footprint:
    """Take it of the connection's database, as a superuser in autocommit."""
    relations = connection.execute(_RELATIONS).fetchall()
    found = dict(_places(connection, relations))
    own = {_label(row) for row in relations if row[3]}
    sequences = {_label(row) for row in relations if row[2]}
    return Footprint(
        {name: place for name, place in found.items() if name in own},
        {name: place for name, place in found.items() if name not in own | sequences},
        {name: place for name, place in found.items() if name in sequences},
        frozenset(_label(row) for row in relations if row[4]),
    )


def _places(
    connection: psycopg.Connection[Any], relations: list[tuple[Any, ...]]
) -> Iterator[tuple[str, tuple[int, int]]]:
    for name, first, second in connection.execute(_query(tuple(relations))):
        yield name, (first, second or 0)


@lru_cache(maxsize=8)
def _query(relations: tuple[tuple[Any, ...], ...]) -> bytes:
    parts = [
        sql.SQL(_SEQUENCE if row[2] else _ROWS).format(sql.Literal(_label(row)), sql.Identifier(row[0], row[1]))
        for row in relations
    ]
    return sql.SQL(" union all ").join(parts).as_bytes()


def _label(row: tuple[Any, ...]) -> str:
    return f"{row[0]}.{row[1]}"
