-- only if exists (select from pg_foreign_data_wrapper where oid >= 16384)
-- Foreign-data wrappers, servers and user mappings; of a secret option only the name.
select
    'foreign-data wrapper',
    quote_ident(w.fdwname),
    json_build_object(
        'owner', pg_get_userbyid(w.fdwowner),
        'handler', nullif(w.fdwhandler, 0)::regprocedure::text,
        'validator', nullif(w.fdwvalidator, 0)::regprocedure::text,
        'options', w.fdwoptions,
        'grants', coalesce(w.fdwacl, acldefault('F', w.fdwowner))::text[],
        'comment', d.description
    )
from pg_foreign_data_wrapper as w
left join pg_description as d on d.classoid = 'pg_foreign_data_wrapper'::regclass and d.objoid = w.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_foreign_data_wrapper'::regclass and objid = w.oid)
union all
select
    'foreign server',
    quote_ident(s.srvname),
    json_build_object(
        'owner', pg_get_userbyid(s.srvowner),
        'wrapper', w.fdwname,
        'type', s.srvtype,
        'version', s.srvversion,
        'options', array(
            select regexp_replace(option, '^(\w*(pass|secret|key|token)\w*)=.*$', '\1=***')
            from unnest(s.srvoptions) as option
        ),
        'grants', coalesce(s.srvacl, acldefault('S', s.srvowner))::text[],
        'comment', d.description
    )
from pg_foreign_server as s
join pg_foreign_data_wrapper as w on w.oid = s.srvfdw
left join pg_description as d on d.classoid = 'pg_foreign_server'::regclass and d.objoid = s.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_foreign_server'::regclass and objid = s.oid)
union all
select
    'user mapping',
    quote_ident(usename) || ' on ' || quote_ident(srvname),
    json_build_object(
        'options', array(
            select case when option like 'user=%' then option else split_part(option, '=', 1) || '=***' end
            from unnest(umoptions) as option
        )
    )
from pg_user_mappings
where $1::text[] is null
