-- Extensions, and the grants on their members that were changed after CREATE EXTENSION (pg_init_privs is what it gave).
select
    'extension',
    quote_ident(e.extname),
    json_build_object(
        'owner', pg_get_userbyid(e.extowner),
        'version', e.extversion,
        'in_schema', n.nspname,
        'comment', d.description
    )
from pg_extension as e
join pg_namespace as n on n.oid = e.extnamespace
left join pg_description as d on d.classoid = 'pg_extension'::regclass and d.objoid = e.oid
where $1::text[] is null
union all
select
    'extension member',
    i.type || ' ' || i.identity,
    json_build_object('grants', o.acl::text[])
from (
    select 'pg_class'::regclass as classid, oid, relacl as acl from pg_class where relacl is not null
    union all
    select 'pg_proc'::regclass, oid, proacl from pg_proc where proacl is not null
    union all
    select 'pg_namespace'::regclass, oid, nspacl from pg_namespace where nspacl is not null
    union all
    select 'pg_type'::regclass, oid, typacl from pg_type where typacl is not null
    union all
    select 'pg_language'::regclass, oid, lanacl from pg_language where lanacl is not null
) as o
join members as m on m.classid = o.classid and m.objid = o.oid
left join pg_init_privs as p on p.classoid = o.classid and p.objoid = o.oid and p.objsubid = 0
cross join lateral pg_identify_object(o.classid, o.oid, 0) as i
where
    $1::text[] is null
    and array(select unnest(o.acl)::text order by 1) is distinct from array(select unnest(p.initprivs)::text order by 1)
