-- The tables of %(schemas)s, a row a column, with the roles of %(roles)s that may write it.
select
    n.nspname as schema,
    c.relname as "table",
    a.attname as "column",
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
    a.attgenerated = '' and a.attidentity <> 'a' as writable,
    not exists (
        select from pg_catalog.pg_index as i
        where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey)
    ) and not exists (
        select from pg_catalog.pg_constraint as k
        where k.conrelid = c.oid and k.contype in ('f', 'x', 'p') and a.attnum = any (k.conkey)
    ) as free,
    coalesce(r.insertable_by, '{}') as insertable_by,
    coalesce(r.updatable_by, '{}') as updatable_by
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join lateral (
    select
        array_agg(o.rolname::text) filter (
            where pg_catalog.has_column_privilege(o.oid, c.oid, a.attnum, 'insert')
        ) as insertable_by,
        array_agg(o.rolname::text) filter (
            where pg_catalog.has_column_privilege(o.oid, c.oid, a.attnum, 'update')
        ) as updatable_by
    from pg_catalog.pg_roles as o
    where o.rolname = any (%(roles)s)
) as r
where
    n.nspname = any (%(schemas)s)
    and c.relkind in ('r', 'p')
    and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by n.nspname, c.relname, a.attnum
