"""Which role may do what to which relation, by grants alone: row-level security comes after them."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

__all__ = ["Reach", "read_reach"]

# `blanket`: the role holds what no request can use, as after GRANT ALL or by the platform's default privileges, so that
# nobody thought of this relation in particular.
_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname), r.name,
           array_remove(array[
               case when pg_catalog.has_any_column_privilege(r.name, c.oid, 'select') then 'select' end,
               case when pg_catalog.has_any_column_privilege(r.name, c.oid, 'insert') then 'insert' end,
               case when pg_catalog.has_any_column_privilege(r.name, c.oid, 'update') then 'update' end,
               case when pg_catalog.has_table_privilege(r.name, c.oid, 'delete') then 'delete' end
           ], null),
           pg_catalog.has_table_privilege(r.name, c.oid, 'trigger')
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join unnest(%(roles)s::text[]) as r (name)
    where
        c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname <> 'information_schema'
        and not starts_with(n.nspname, 'pg_')
        and pg_catalog.has_schema_privilege(r.name, n.oid, 'usage')
"""


@dataclass(frozen=True)
class Reach:
    """What one role may do to one relation: `select`, `insert`, `update`, `delete`; on a column of it is enough."""

    commands: frozenset[str] = frozenset()
    blanket: bool = False


def read_reach(connection: psycopg.Connection, roles: Iterable[str]) -> dict[tuple[str, str], Reach]:
    """Return what each of `roles` may do, by the relation's label and the role's name."""
    rows = connection.execute(_QUERY, {"roles": list(roles)}).fetchall()
    return {(label, role): Reach(frozenset(commands), blanket) for label, role, commands, blanket in rows if commands}
