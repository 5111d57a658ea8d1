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
           a.attnum = any ((i.indkey::smallint[])[0:i.indnkeyatts - 1]),
           -- Nobody guesses a uuid.
           not exists (
               select from unnest((i.indkey::smallint[])[0:i.indnkeyatts - 1]) as k (attnum)
               left join pg_catalog.pg_attribute as b on b.attrelid = i.indrelid and b.attnum = k.attnum
               where b.atttypid is distinct from 'pg_catalog.uuid'::regtype
           )
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indrelid and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = %(column)s and not a.attisdropped
    where i.indisunique or i.indisexclusion
    order by 1, 2
"""


_NULLABLE = """
    select format('%%I.%%I', n.nspname, c.relname), quote_ident(a.attname)
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where
        a.attname = %(column)s and not a.attisdropped and not a.attnotnull
        and exists (
            select from pg_catalog.pg_constraint as k
            where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey) and cardinality(k.conkey) > 1
        )
    order by 1
"""


@check(level=Level.ERROR)
def tenant_keys(context: Context) -> Iterator[Finding]:
    """A row of one tenant points into another, or the error of a duplicate key tells what another tenant holds.

    Referential integrity checks always pass row-level security by (manual, Row Security Policies): a foreign key
    without the tenant's column accepts another tenant's parent, and so tells that it exists. Where the column may be
    null, the row without a tenant is not checked at all (MATCH SIMPLE).
    """
    column = context.target.tenancy.column
    if column is None:
        raise NotApplicable("the settings name no column of the tenants (tenancy.column)")
    parameters = {"schemas": list(context.schemas), "column": column}
    foreign = context.connection.execute(_FOREIGN, parameters).fetchall()
    unique = context.connection.execute(_UNIQUE, parameters).fetchall()
    context.count(
        "keys", len(foreign) + len(unique), f"no table of {', '.join(context.schemas)} has a key and {column}"
    )
    for label, name, definition, holds in foreign:
        if not holds:
            yield _foreign(context, label, name, definition)
    for label, name, definition, holds, is_uuid in unique:
        if not holds:
            yield _unique(context, label, name, definition, Level.NOTE if is_uuid else Level.WARNING)
    for label, name in context.connection.execute(_NULLABLE, parameters):
        yield _nullable(context, label, name)


def _foreign(context: Context, label: str, name: str, definition: str) -> Finding:
    column = context.target.tenancy.column
    return Finding(
        "tenant_keys",
        f"{label}.{name}",
        f"foreign key {name} on {label} does not contain {column}",
        f"Put {column} into the key on both sides, and a unique key with {column} on the parent.",
        detail=definition,
        location=context.locate("constraint", f"{label}.{name}"),
    )


def _unique(context: Context, label: str, name: str, definition: str, level: Level) -> Finding:
    column = context.target.tenancy.column
    return Finding(
        "tenant_keys",
        f"{label}.{name}",
        f"unique key {name} on {label} does not contain {column}",
        f"Put {column} into the key.",
        level=level,
        detail=definition,
        location=context.locate("index", f"{label.rpartition('.')[0]}.{name}"),
    )


def _nullable(context: Context, label: str, name: str) -> Finding:
    return Finding(
        "tenant_keys",
        f"{label}.{name}",
        f"{name} of {label} may be null, and then none of its foreign keys with {name} is checked",
        f"alter table {label} alter column {name} set not null;",
        level=Level.WARNING,
        location=context.locate("column", f"{label}.{name}"),
    )
