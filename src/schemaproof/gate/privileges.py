"""Who may do what by grants, as the server itself says: what a change gives and takes."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

__all__ = ["Privilege", "read_privileges"]

# Columns are told where the role has not the whole relation.
_QUERY = """
    with roles (name) as (select unnest(%(roles)s::text[])),
    spaces as (
        select n.oid, n.nspname from pg_catalog.pg_namespace as n where n.nspname = any (%(schemas)s)
    ),
    relations as (
        select c.oid, format('%%I.%%I', s.nspname, c.relname) as name, c.relkind
        from pg_catalog.pg_class as c join spaces as s on s.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f')
    )
    select 'schema', format('%%I', s.nspname), r.name, p.name
    from spaces as s, roles as r, (values ('USAGE'), ('CREATE')) as p (name)
    where pg_catalog.has_schema_privilege(r.name, s.oid, p.name)
    union all
    select 'table', c.name, r.name, p.name
    from relations as c, roles as r, unnest(%(commands)s::text[]) as p (name)
    where pg_catalog.has_table_privilege(r.name, c.oid, p.name)
    union all
    select 'column', format('%%s.%%I', c.name, a.attname), r.name, p.name
    from relations as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    cross join roles as r
    cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) as p (name)
    where
        pg_catalog.has_column_privilege(r.name, c.oid, a.attnum, p.name)
        and not pg_catalog.has_table_privilege(r.name, c.oid, p.name)
    union all
    select 'function', f.oid::pg_catalog.regprocedure::text, r.name, 'EXECUTE'
    from pg_catalog.pg_proc as f
    join spaces as s on s.oid = f.pronamespace
    cross join roles as r
    where pg_catalog.has_function_privilege(r.name, f.oid, 'EXECUTE') and f.prorettype <> 'trigger'::regtype
    union all
    select 'sequence', format('%%I.%%I', s.nspname, c.relname), r.name, p.name
    from pg_catalog.pg_class as c
    join spaces as s on s.oid = c.relnamespace
    cross join roles as r
    cross join (values ('USAGE'), ('SELECT'), ('UPDATE')) as p (name)
    where c.relkind = 'S' and pg_catalog.has_sequence_privilege(r.name, c.oid, p.name)
"""
_COMMANDS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
_MAINTAIN = 170000


@dataclass(frozen=True, order=True)
class Privilege:
    """One thing that a role may do, by a grant to it or to a role that it is a member of."""

    kind: str
    object: str
    role: str
    privilege: str


def read_privileges(
    connection: psycopg.Connection, schemas: Sequence[str], roles: Sequence[str]
) -> frozenset[Privilege]:
    """Return what each role may do in the schemas; names are written with their schema."""
    commands = _COMMANDS + (["MAINTAIN"] if connection.info.server_version >= _MAINTAIN else [])
    rows = connection.execute(_QUERY, {"roles": list(roles), "schemas": list(schemas), "commands": commands})
    return frozenset(Privilege(*row) for row in rows)
