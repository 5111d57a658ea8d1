"""Keys between tenants' tables contain the tenant, so that no row can point into another tenant."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level

__all__ = ["tenant_keys"]

# Keys of tables that have the tenant's column: foreign keys between two such tables; unique and exclusion keys.
_FOREIGN = """
    select format('%%I.%%I', n.nspname, c.relname), quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid),
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
    order by 1, 2
"""
_UNIQUE = """
    select format('%%I.%%I', n.nspname, c.relname), quote_ident(x.relname), pg_catalog.pg_get_indexdef(x.oid),
           -- Columns behind indnkeyatts are INCLUDEd and no part of the key.
           a.attnum = any ((i.indkey::smallint[])[0:i.indnkeyatts - 1])
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indrelid and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = %(column)s and not a.attisdropped
    where i.indisunique or i.indisexclusion
    order by 1, 2
"""


@check(level=Level.ERROR)
def tenant_keys(context: Context) -> Iterator[Finding]:
    """A row of one tenant points into another, or the error of a duplicate key tells what another tenant holds.

    Referential integrity checks always pass row-level security by (manual, Row Security Policies): a foreign key
    without the tenant's column accepts another tenant's parent, and so tells that it exists.
    """
    column = context.target.tenancy.column
    parameters = {"schemas": list(context.schemas), "column": column}
    for kind, query in (("foreign key", _FOREIGN), ("unique key", _UNIQUE)):
        for label, name, definition, holds in context.connection.execute(query, parameters).fetchall():
            context.proved["keys"] += 1
            if holds:
                continue
            foreign = kind == "foreign key"
            yield Finding(
                "tenant_keys",
                f"{label}.{name}",
                f"{kind} {name} on {label} does not contain {column}",
                f"Put {column} into the key"
                + (f" on both sides, and a unique key with {column} on the parent." if foreign else "."),
                level=Level.ERROR if foreign else Level.WARNING,
                detail=definition,
                location=context.locate("constraint", f"{label}.{name}")
                if foreign
                else context.locate("index", f"{label.rpartition('.')[0]}.{name}"),
            )
    if not context.proved["keys"]:
        raise NotApplicable(f"no table of {', '.join(context.schemas)} has a key and a column {column}")
