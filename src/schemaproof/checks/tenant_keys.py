"""Keys between tenants' tables contain the tenant, so that no row can point into another tenant."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["tenant_keys"]

# Keys of tables that have the tenant's column: foreign keys between two such tables, and unique keys and indexes.
_FOREIGN = """
    select k.conname, k.conrelid::regclass::text, n.nspname || '.' || c.relname, pg_catalog.pg_get_constraintdef(k.oid),
           exists (
               select from unnest(k.conkey, k.confkey) as pair (here, there)
               where pair.here = a.attnum and pair.there = b.attnum
           )
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attname = %(column)s and not a.attisdropped
    join pg_catalog.pg_attribute as b on b.attrelid = k.confrelid and b.attname = %(column)s and not b.attisdropped
    where k.contype = 'f' and k.conparentid = 0
    order by 2, 1
"""
_UNIQUE = """
    select x.relname, i.indrelid::regclass::text, n.nspname || '.' || c.relname, pg_catalog.pg_get_indexdef(x.oid),
           a.attnum = any (i.indkey)
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indrelid and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = %(column)s and not a.attisdropped
    where i.indisunique
    order by 2, 1
"""


@check()
def tenant_keys(context: Context) -> Iterator[Finding]:
    """A row of one tenant points into another, or a duplicate-key error tells what another tenant holds.

    Referential integrity checks always pass row-level security by (manual, Row Security Policies): a foreign key
    without the tenant's column accepts another tenant's parent, and so tells that it exists.
    """
    column = context.target.tenancy.column
    parameters = {"schemas": list(context.target.schemas), "column": column}
    for kind, query in (("foreign key", _FOREIGN), ("unique key", _UNIQUE)):
        for name, table, label, definition, holds in context.connection.execute(query, parameters).fetchall():
            context.proved["keys"] += 1
            if holds:
                continue
            foreign = kind == "foreign key"
            yield Finding(
                "tenant_keys",
                f"{label}.{name}",
                f"{kind} {name} on {table} does not contain {column}",
                f"Put {column} into the key"
                + (f" on both sides, and a unique key with {column} on the parent." if foreign else "."),
                level=Level.ERROR if foreign else Level.WARNING,
                detail=definition,
                location=context.locate("constraint", f"{label}.{name}")
                or context.locate("index", f"{label.partition('.')[0]}.{name}")
                or context.locate("table", label),
            )
    if not context.proved["keys"]:
        yield Finding(
            "tenant_keys",
            "-",
            f"no key was looked at: no table of {', '.join(context.target.schemas)} has a column {column}",
            "Name the tenants' column under [tool.schemaproof.tenancy].",
            level=Level.WARNING,
            key="tenant_keys:nothing",
        )
