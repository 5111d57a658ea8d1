-- What PostgREST would tell the role %(role)s of the schema %(schema)s: the relations on which it has any privilege that
-- its OpenAPI document counts, with all their columns, and the functions that it may call by the names of their arguments.
with asked as materialized (
    select n.oid as namespace, r.oid as role
    from pg_catalog.pg_namespace as n
    cross join pg_catalog.pg_roles as r
    where n.nspname = %(schema)s and r.rolname = %(role)s
),
relations as (
    select
        c.relname::text as name,
        c.relkind = 'v' as is_view,
        pg_catalog.pg_has_role(a.role, c.relowner, 'usage')
        or pg_catalog.has_table_privilege(
            a.role, c.oid, 'select, insert, update, delete, truncate, references, trigger'
        )
        or pg_catalog.has_any_column_privilege(a.role, c.oid, 'select, insert, update, references') as listed,
        (
            select
                jsonb_object_agg(
                    t.attname,
                    pg_catalog.has_schema_privilege(a.role, a.namespace, 'usage')
                    and pg_catalog.has_column_privilege(a.role, c.oid, t.attnum, 'select')
                )
            from pg_catalog.pg_attribute as t
            where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped
        ) as columns
    from asked as a
    join pg_catalog.pg_class as c on c.relnamespace = a.namespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
),
functions as (
    select
        p.proname::text as name,
        bool_or(
            p.prokind = 'f'
            and p.prorettype <> 'pg_catalog.trigger'::regtype
            and pg_catalog.has_function_privilege(a.role, p.oid, 'execute')
            and (i.unnamed = 0 or (i.unnamed = 1 and i.total = 1 and i.whole))
        ) as listed,
        bool_and(
            exists (
                select from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
            )
        ) as of_extension
    from asked as a
    join pg_catalog.pg_proc as p on p.pronamespace = a.namespace
    cross join lateral (
        select
            count(*) as total,
            count(*) filter (where coalesce(g.name, '') = '') as unnamed,
            coalesce(bool_and(g.type::regtype::text in ('bytea', 'json', 'jsonb', 'text', 'xml')), false) as whole
        from unnest(
            coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes
        ) as g (type, name, mode)
        where coalesce(g.mode, 'i') in ('i', 'b', 'v')
    ) as i
    group by p.proname
)
select
    (select count(*) from asked) as found,
    (select coalesce(jsonb_agg(to_jsonb(r) order by r.name), '[]') from relations as r) as relations,
    (select coalesce(jsonb_agg(to_jsonb(f) order by f.name), '[]') from functions as f) as functions,
    array(
        select e.extname::text
        from pg_catalog.pg_extension as e
        join asked as a on a.namespace = e.extnamespace
        order by e.extname
    ) as extensions
