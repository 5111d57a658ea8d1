"""Column types that pg_upgrade carries over."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["upgrade_blockers"]

# Types whose values are OIDs that another cluster does not know (manual, pg_upgrade); regclass, regrole and regtype it
# carries over.
_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(a.attname) as column,
           pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
           coalesce(nullif(t.typbasetype, 0), nullif(t.typelem, 0), t.oid) = any (%(types)s::regtype[]) as blocks
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'm')
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_type as t on t.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped
    order by 1, 2
"""
_TYPES = [
    f"pg_catalog.reg{name}"
    for name in ("collation", "config", "dictionary", "namespace", "oper", "operator", "proc", "procedure")
]


@check(level=Level.WARNING)
def upgrade_blockers(context: Context) -> Iterator[Finding]:
    """The next major version cannot be reached by pg_upgrade.

    A column of regproc, regnamespace or the like holds an OID, and OIDs change between clusters: pg_upgrade refuses.
    """
    columns = context.read(_QUERY, types=_TYPES)
    context.count("columns", len(columns), f"there is no table in {', '.join(context.schemas)}")
    for column in columns:
        if column.blocks:
            yield Finding(
                "upgrade_blockers",
                f"{column.label}.{column.column}",
                f"{column.column} of {column.label} is a {column.type}, which pg_upgrade refuses",
                "Store the name as text, and cast it where it is used.",
                level=Level.WARNING,
                location=context.locate("column", f"{column.label}.{column.column}"),
            )
