"""Which schemas of a database are anybody's own: neither PostgreSQL's nor an extension's."""

from typing import Any

import psycopg

__all__ = ["own_schemas"]

# Without those of extensions: made by one, or called as one that is in it, or holding nothing but what one has made.
_QUERY = """
    select n.nspname::text
    from pg_catalog.pg_namespace as n
    where
        n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
        )
        and (n.nspname = 'public' or not exists (
            select from pg_catalog.pg_extension as e
            where e.extnamespace = n.oid and (e.extname = n.nspname or not exists (
                select from pg_catalog.pg_class as c
                where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not exists (
                    select from pg_catalog.pg_depend as d
                    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
                )
            ))
        ))
"""


def own_schemas(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """Return the names of the schemas that no extension has made, or has for itself; `public` is always one."""
    return frozenset(name for (name,) in connection.execute(_QUERY))
