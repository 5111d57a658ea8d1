-- Domains, enums and composite types. The row types of tables come with them.
select
    case t.typtype when 'd' then 'domain' else 'type' end,
    n.name || '.' || quote_ident(t.typname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(t.typowner),
        'form', case t.typtype when 'e' then 'enum' when 'c' then 'composite' else 'domain' end,
        'labels', e.labels,
        'columns', a.names,
        'base', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
        'not_null', case when t.typtype = 'd' then t.typnotnull end,
        'default', t.typdefault,
        'collation', case when t.typcollation <> b.typcollation then t.typcollation::regcollation::text end,
        'grants', coalesce(t.typacl, acldefault('T', t.typowner))::text[],
        'comment', d.description
    )
from pg_type as t
join namespaces as n on n.oid = t.typnamespace
left join pg_class as c on c.oid = t.typrelid
left join pg_type as b on b.oid = t.typbasetype
left join (
    select enumtypid, json_agg(enumlabel order by enumsortorder) as labels from pg_enum group by enumtypid
) as e on e.enumtypid = t.oid
left join (
    select attrelid, json_agg(attname order by attnum) as names
    from pg_attribute
    where attnum > 0 and not attisdropped
    group by attrelid
) as a on a.attrelid = c.oid
left join pg_description as d on d.classoid = 'pg_type'::regclass and d.objoid = t.oid
where
    (t.typtype in ('d', 'e') or c.relkind = 'c')
    and not exists (select from members where classid = 'pg_type'::regclass and objid = t.oid)
