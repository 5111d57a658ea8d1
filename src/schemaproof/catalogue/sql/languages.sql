-- only if exists (select from pg_language where oid >= 16384)
-- only if exists (select from pg_am where oid >= 16384)
-- only if exists (select from pg_transform where oid >= 16384)
-- Languages, access methods and transforms.
select
    'language',
    quote_ident(l.lanname),
    json_build_object(
        'owner', pg_get_userbyid(l.lanowner),
        'trusted', l.lanpltrusted,
        'handler', nullif(l.lanplcallfoid, 0)::regprocedure::text,
        'inline', nullif(l.laninline, 0)::regprocedure::text,
        'validator', nullif(l.lanvalidator, 0)::regprocedure::text,
        'grants', coalesce(l.lanacl, acldefault('l', l.lanowner))::text[],
        'comment', d.description
    )
from pg_language as l
left join pg_description as d on d.classoid = 'pg_language'::regclass and d.objoid = l.oid
where
    $1::text[] is null
    and l.lanispl
    and not exists (select from members where classid = 'pg_language'::regclass and objid = l.oid)
union all
select
    'access method',
    quote_ident(a.amname),
    json_build_object('type', a.amtype, 'handler', a.amhandler::text, 'comment', d.description)
from pg_am as a
left join pg_description as d on d.classoid = 'pg_am'::regclass and d.objoid = a.oid
where
    $1::text[] is null
    and a.oid >= 16384
    and not exists (select from members where classid = 'pg_am'::regclass and objid = a.oid)
union all
select
    'transform',
    format_type(t.trftype, null) || ' language ' || quote_ident(l.lanname),
    json_build_object(
        'from_sql', nullif(t.trffromsql::oid, 0)::regprocedure::text,
        'to_sql', nullif(t.trftosql::oid, 0)::regprocedure::text,
        'comment', d.description
    )
from pg_transform as t
join pg_language as l on l.oid = t.trflang
left join pg_description as d on d.classoid = 'pg_transform'::regclass and d.objoid = t.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_transform'::regclass and objid = t.oid)
