-- ALTER DEFAULT PRIVILEGES. Global entries replace the built-in default, entries of a schema add to it.
select
    'default privileges',
    coalesce(n.name || ': ', '') || case a.defaclobjtype
        when 'r' then 'tables'
        when 'S' then 'sequences'
        when 'f' then 'functions'
        when 'T' then 'types'
        when 'n' then 'schemas'
        else 'large objects'
    end || ' of ' || quote_ident(pg_get_userbyid(a.defaclrole)),
    json_build_object('schema', n.nspname, 'grants', a.defaclacl::text[])
from pg_default_acl as a
left join namespaces as n on n.oid = a.defaclnamespace
where n.oid is not null or (a.defaclnamespace = 0 and $1::text[] is null)
