"""Every table has a key that names its rows, above all one whose changes are published."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["primary_keys"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label,
           exists (select from pg_catalog.pg_index as i where i.indrelid = c.oid and i.indisprimary) as keyed,
           exists (
               select from pg_catalog.pg_index as i
               where
                   i.indrelid = c.oid and i.indisunique and i.indimmediate and i.indpred is null and i.indexprs is null
                   and not exists (
                       select from pg_catalog.pg_attribute as a
                       where a.attrelid = c.oid and a.attnum = any (i.indkey::smallint[]) and not a.attnotnull
                   )
           ) as substitute,
           case c.relreplident
               when 'f' then true
               when 'i' then exists (select from pg_catalog.pg_index as i where i.indrelid = c.oid and i.indisreplident)
               when 'd' then exists (select from pg_catalog.pg_index as i where i.indrelid = c.oid and i.indisprimary)
               else false
           end as identified,
           (
               select string_agg(quote_ident(p.pubname), ', ' order by p.pubname)
               from pg_catalog.pg_publication as p
               where
                   (p.pubupdate or p.pubdelete)
                   and exists (
                       select from pg_catalog.pg_get_publication_tables(p.pubname::text) as t where t.relid = c.oid
                   )
           ) as publications
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where
        c.relkind in ('r', 'p') and not c.relispartition
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
    order by 1
"""


@check(level=Level.ERROR)
def primary_keys(context: Context) -> Iterator[Finding]:
    """A row cannot be told from its double, and a published table refuses UPDATE and DELETE.

    A publication that publishes updates or deletes needs a replica identity: without one each UPDATE and DELETE of the
    table fails with 55000 (manual, Logical Replication, Publication): an error. Otherwise a missing primary key is a
    warning, and a note where a unique key without nulls stands in for it.
    """
    tables = context.read(_QUERY)
    context.count("tables", len(tables), f"there is no table in {', '.join(context.schemas)}")
    for table in tables:
        refuses = table.publications and not table.identified
        if table.keyed and not refuses:
            continue
        yield Finding(
            "primary_keys",
            table.label,
            f"{table.label} has no replica identity, and {table.publications} publishes it: UPDATE and DELETE fail"
            if refuses
            else f"{table.label} has no primary key",
            f"alter table {table.label} add primary key (…);",
            level=Level.ERROR if refuses else Level.NOTE if table.substitute else Level.WARNING,
            location=context.locate("table", table.label),
        )
