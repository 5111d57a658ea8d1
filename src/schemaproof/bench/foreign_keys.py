"""What a foreign key asks of its child when a row of its parent is deleted, as a statement that can be planned."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from schemaproof.identity import Identity
from schemaproof.plan import Explainer, Mode, Probe, Question, Statement

__all__ = ["ForeignKey", "probe_foreign_key", "read_foreign_keys"]

_FOREIGN_KEYS = """
    select
        f.conname as name,
        f.conrelid::regclass::text as child,
        f.confrelid::regclass::text as parent,
        array(
            select a.attname::text from unnest(f.conkey) with ordinality as k (attnum, place)
            join pg_attribute as a on a.attrelid = f.conrelid and a.attnum = k.attnum
            order by k.place
        ) as columns
    from pg_constraint as f
    join pg_class as c on c.oid = f.conrelid
    where f.contype = 'f' and f.conparentid = 0 and c.relnamespace::regnamespace::text = any (%(schemas)s)
    order by 2, 1
"""
_NOBODY = Identity("foreign key", "none")


@dataclass(frozen=True)
class ForeignKey:
    """One foreign key: its tables as PostgreSQL writes them, its columns in the child."""

    name: str
    child: str
    parent: str
    columns: list[str]

    @property
    def statement(self) -> Statement:
        """What is asked of the child, as the server's own trigger has it (src/backend/utils/adt/ri_triggers.c)."""
        conditions = " and ".join(f"x.{_quoted(column)} = :k{n}" for n, column in enumerate(self.columns))
        return Statement(
            f"select 1 from only {self.child} as x where {conditions} for key share of x"  # noqa: S608 - quoted above
        )


def read_foreign_keys(connection: psycopg.Connection, schemas: Iterable[str]) -> tuple[ForeignKey, ...]:
    """Return the foreign keys of the schemas' tables."""
    with connection.transaction():
        connection.execute("set local search_path = ''")  # so that names come qualified
        cursor = connection.cursor(row_factory=class_row(ForeignKey))
        return tuple(cursor.execute(_FOREIGN_KEYS, {"schemas": list(schemas)}).fetchall())


def probe_foreign_key(explainer: Explainer, key: ForeignKey) -> Probe:
    """Plan what a deletion in the parent asks of the child, for any value, as the server keeps such a plan."""
    values = dict.fromkeys(key.statement.parameters)
    return explainer.plan(Question(key.statement, values, _NOBODY, Mode.GENERIC))


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string()
