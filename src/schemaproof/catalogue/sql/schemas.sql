-- Schemas.
select
    'schema',
    n.name,
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(s.nspowner),
        'grants', coalesce(s.nspacl, acldefault('n', s.nspowner))::text[],
        'comment', d.description
    )
from namespaces as n
join pg_namespace as s on s.oid = n.oid
left join pg_description as d on d.classoid = 'pg_namespace'::regclass and d.objoid = n.oid
where not exists (select from members where classid = 'pg_namespace'::regclass and objid = n.oid)
