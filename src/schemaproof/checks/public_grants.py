"""Nothing is granted to everyone."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["public_grants"]

_QUERY = """
    select m.kind, m.label, m.privileges
    from (
        select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                   when 'f' then 'foreign table' else 'table' end as kind,
               format('%%I.%%I', n.nspname, c.relname) as label, c.oid, 'pg_catalog.pg_class'::regclass as class,
               (
                   select array_agg(distinct a.privilege_type)
                   from pg_catalog.aclexplode(c.relacl) as a where a.grantee = 0
               ) || (
                   select array_agg(distinct a.privilege_type)
                   from pg_catalog.pg_attribute as t cross join pg_catalog.aclexplode(t.attacl) as a
                   where t.attrelid = c.oid and a.grantee = 0
               ) as privileges
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        union all
        select 'schema', quote_ident(n.nspname), n.oid, 'pg_catalog.pg_namespace'::regclass,
               (
                   select array_agg(a.privilege_type) from pg_catalog.aclexplode(n.nspacl) as a
                   where a.grantee = 0 and a.privilege_type = 'CREATE'
               )
        from pg_catalog.pg_namespace as n where n.nspname = any (%(schemas)s)
    ) as m
    where
        not exists (
            select from pg_catalog.pg_depend as d where d.classid = m.class and d.objid = m.oid and d.deptype = 'e'
        )
    order by 2
"""


@check(level=Level.WARNING)
def public_grants(context: Context) -> Iterator[Finding]:
    """A role that does not exist yet holds the privilege already.

    PUBLIC is every role, those of the next service and of the next extension included, and a revoke from one role does
    not take from it what PUBLIC has. With CREATE on a schema anyone can put an object before another one on a
    search_path.
    """
    objects = context.read(_QUERY)
    context.count("objects", len(objects), f"there is nothing in {', '.join(context.schemas)}")
    for found in objects:
        if found.privileges:
            held = ", ".join(sorted(set(found.privileges)))
            keyword = f"{found.kind} " if found.kind in ("schema", "sequence") else "table "
            yield Finding(
                "public_grants",
                found.label,
                f"PUBLIC holds {held} on the {found.kind} {found.label}",
                f"revoke {held.lower()} on {keyword}{found.label} from public; then grant it to who needs it.",
                level=Level.WARNING,
                location=context.locate_grant(found.kind, found.label, "public", held.partition(",")[0]),
            )
