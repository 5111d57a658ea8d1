"""Names that can be written without quotes."""

from collections.abc import Iterator
from itertools import groupby

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["quoted_identifiers"]

# Keywords of class C are names of types and functions only (pg_get_keywords): tables and columns may be called so.
_QUERY = """
    select m.schema, m.kind, m.label, m.name !~ '^[a-z_][a-z0-9_$]*$' or w.word is not null as quoted
    from (
        select n.nspname::text as schema, 'table' as kind, format('%%I.%%I', n.nspname, c.relname) as label,
               c.relname::text as name, 'pg_catalog.pg_class'::regclass as class, c.oid
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
        union all
        select n.nspname, 'column', format('%%I.%%I.%%I', n.nspname, c.relname, a.attname), a.attname,
               'pg_catalog.pg_class'::regclass, c.oid
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and a.attnum > 0 and not a.attisdropped
        union all
        select n.nspname, 'function', p.oid::regprocedure::text, p.proname, 'pg_catalog.pg_proc'::regclass, p.oid
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        union all
        select n.nspname, 'type', format('%%I.%%I', n.nspname, t.typname), t.typname,
               'pg_catalog.pg_type'::regclass, t.oid
        from pg_catalog.pg_type as t
        join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
        where t.typtype in ('e', 'd', 'r')
    ) as m
    left join pg_catalog.pg_get_keywords() as w
        on w.word = m.name and (w.catcode in ('R', 'T') or w.catcode = 'C' and m.kind = 'function')
    where
        m.schema = any (%(schemas)s)
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = m.class and d.objid = m.oid and d.deptype in ('e', 'i')
        )
    order by 1, 3
"""


@check(level=Level.NOTE)
def quoted_identifiers(context: Context) -> Iterator[Finding]:
    """Whoever forgets the quotes asks for another name, and gets an error, or another table.

    Without quotes PostgreSQL folds a name to lower case (manual, Identifiers and Key Words), and takes a reserved word
    for itself. One note a schema, with all names: renaming them later breaks every client.
    """
    names = context.read(_QUERY)
    context.count("names", len(names), f"there is nothing in {', '.join(context.schemas)}")
    quoted = [name for name in names if name.quoted]
    for schema, group in groupby(quoted, key=lambda name: name.schema):
        found = list(group)
        yield Finding(
            "quoted_identifiers",
            schema,
            f"names in {schema} need quotes: {len(found)} of {sum(name.schema == schema for name in names)}",
            "Write new names in lower case with underscores, and no reserved word.",
            level=Level.NOTE,
            detail="\n".join(f"{name.kind} {name.label}" for name in found),
            location=context.locate(found[0].kind, found[0].label),
        )
