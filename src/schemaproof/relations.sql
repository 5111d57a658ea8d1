-- The tables of %(schemas)s with their columns, and what the roles of %(roles)s may do to them.
with roles as (
    select o.oid, o.rolname::text as name
    from pg_catalog.pg_roles as o
    where o.rolname = any (%(roles)s)
)
select
    n.nspname as schema,
    c.relname as name,
    format('%%I.%%I', n.nspname, c.relname) as label,
    coalesce(p.privileges, '[]') as privileges,
    k.columns
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
    select jsonb_agg(jsonb_build_array(r.name, command)) as privileges
    from roles as r
    cross join unnest(array['select', 'insert', 'update', 'delete']) as command
    where
        pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
        and case command
            when 'delete' then pg_catalog.has_table_privilege(r.oid, c.oid, command)
            else pg_catalog.has_any_column_privilege(r.oid, c.oid, command)
        end
) as p
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'name', a.attname,
                'writable', a.attgenerated = '' and a.attidentity <> 'a',
                'insertable_by', (
                    select coalesce(jsonb_agg(r.name), '[]') from roles as r
                    where pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, 'insert')
                ),
                'updatable_by', (
                    select coalesce(jsonb_agg(r.name), '[]') from roles as r
                    where pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, 'update')
                )
            )
            order by a.attnum
        ) as columns
    from pg_catalog.pg_attribute as a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
) as k
where
    n.nspname = any (%(schemas)s)
    and c.relkind in ('r', 'p')
    and k.columns is not null
    and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by n.nspname, c.relname
