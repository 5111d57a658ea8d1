-- The relations of %(schemas)s: their columns, keys and policies, and what the roles of %(roles)s may do to them.
with roles as materialized (
    select o.oid, o.rolname::text as name
    from pg_catalog.pg_roles as o
    where o.rolname = any (%(roles)s)
),
found as materialized (
    select c.*, n.nspname
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where
        n.nspname = any (%(schemas)s)
        and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
),
columns as (
    select
        a.attrelid,
        jsonb_agg(
            jsonb_build_object(
                'name', a.attname,
                'type', pg_catalog.format_type(a.atttypid, null),
                'not_null', a.attnotnull,
                'writable', a.attgenerated = '' and a.attidentity <> 'a',
                'may', (
                    select coalesce(jsonb_agg(jsonb_build_array(r.name, command)), '[]')
                    from roles as r
                    cross join unnest(array['select', 'insert', 'update']) as command
                    where pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, command)
                )
            )
            order by a.attnum
        ) as columns
    from pg_catalog.pg_attribute as a
    join found as f on f.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped
    group by a.attrelid
),
-- What a generated column is computed from.
generated as (
    select
        a.attrelid,
        a.attnum,
        array(
            select read[1]::smallint from regexp_matches(d.adbin::text, ':varattno (\d+)', 'g') as read
        ) as made_of
    from pg_catalog.pg_attribute as a
    join found as f on f.oid = a.attrelid
    join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attgenerated <> ''
),
keys as (
    select
        i.indrelid,
        jsonb_agg(
            jsonb_build_object(
                'name', x.relname,
                'primary', i.indisprimary,
                'columns', (
                    select jsonb_agg(a.attname order by k.place)
                    from unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
                    left join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
                    where k.place <= i.indnkeyatts
                ),
                'made_of', (
                    select coalesce(jsonb_agg(distinct a.attname), '[]')
                    from (
                        select k.attnum
                        from unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
                        where k.place <= i.indnkeyatts
                        union
                        select read[1]::smallint from regexp_matches(i.indexprs::text, ':varattno (\d+)', 'g') as read
                    ) as k
                    left join generated as g on g.attrelid = i.indrelid and g.attnum = k.attnum
                    join pg_catalog.pg_attribute as a
                        on a.attrelid = i.indrelid and a.attnum = any (coalesce(g.made_of, array[k.attnum]))
                ),
                'condition', (
                    select coalesce(jsonb_agg(distinct a.attname), '[]')
                    from regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') as read
                    join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = read[1]::smallint
                )
            )
            order by not i.indisprimary, x.relname
        ) as keys
    from pg_catalog.pg_index as i
    join found as f on f.oid = i.indrelid
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    where i.indisunique and i.indisvalid
    group by i.indrelid
),
foreign_keys as (
    select
        k.conrelid,
        jsonb_agg(
            jsonb_build_object(
                'name', k.conname,
                'to', format('%%I.%%I', n.nspname, p.relname),
                'on_delete', k.confdeltype,
                'columns', (
                    select jsonb_agg(jsonb_build_array(a.attname, b.attname) order by pair.place)
                    from unnest(k.conkey, k.confkey) with ordinality as pair (here, there, place)
                    join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = pair.here
                    join pg_catalog.pg_attribute as b on b.attrelid = k.confrelid and b.attnum = pair.there
                )
            )
            order by k.conname
        ) as foreign_keys
    from pg_catalog.pg_constraint as k
    join found as f on f.oid = k.conrelid
    join pg_catalog.pg_class as p on p.oid = k.confrelid
    join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
    where k.contype = 'f'
    group by k.conrelid
),
policies as (
    select
        p.polrelid,
        jsonb_agg(
            jsonb_build_object(
                'name', p.polname,
                'command', case p.polcmd
                    when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
                    else 'all'
                end,
                'permissive', p.polpermissive,
                'roles', array(
                    select case role when 0 then 'public' else pg_catalog.pg_get_userbyid(role)::text end
                    from unnest(p.polroles) as role
                ),
                'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
                'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
            )
            order by p.polname
        ) as policies
    from pg_catalog.pg_policy as p
    join found as f on f.oid = p.polrelid
    group by p.polrelid
)
select
    c.nspname as schema,
    c.relname as name,
    format('%%I.%%I', c.nspname, c.relname) as label,
    c.oid::text as oid,
    c.relkind as kind,
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as forced,
    coalesce(c.reloptions, '{}') as options,
    (
        select format('%%I.%%I', n.nspname, p.relname)
        from pg_catalog.pg_inherits as i
        join pg_catalog.pg_class as p on p.oid = i.inhparent
        join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
        where i.inhrelid = c.oid
        order by i.inhseqno
        limit 1
    ) as parent,
    c.relispartition as partition,
    coalesce(
        (
            select jsonb_agg(jsonb_build_array(r.name, command))
            from roles as r
            cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as command
            where
                pg_catalog.has_schema_privilege(r.oid, c.relnamespace, 'usage')
                and case
                    when command in ('select', 'insert', 'update', 'references')
                        then pg_catalog.has_any_column_privilege(r.oid, c.oid, command)
                    else pg_catalog.has_table_privilege(r.oid, c.oid, command)
                end
        ),
        '[]'
    ) as privileges,
    k.columns,
    coalesce(u.keys, '[]') as keys,
    coalesce(f.foreign_keys, '[]') as foreign_keys,
    coalesce(p.policies, '[]') as policies,
    array(
        select distinct g.tgfoid::regproc::text
        from pg_catalog.pg_trigger as g
        where g.tgrelid = c.oid and not g.tgisinternal
    ) as triggers,
    case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition
from found as c
join columns as k on k.attrelid = c.oid
left join keys as u on u.indrelid = c.oid
left join foreign_keys as f on f.conrelid = c.oid
left join policies as p on p.polrelid = c.oid
order by c.nspname, c.relname
