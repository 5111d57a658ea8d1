-- The database itself (under one name, so that clones compare) and its security labels.
select
    'database',
    'current',
    json_build_object(
        'owner', pg_get_userbyid(b.datdba),
        'encoding', pg_encoding_to_char(b.encoding),
        'collate', b.datcollate,
        'ctype', b.datctype,
        'provider', to_jsonb(b) ->> 'datlocprovider',
        'locale', coalesce(to_jsonb(b) ->> 'datlocale', to_jsonb(b) ->> 'daticulocale'),
        'connection_limit', b.datconnlimit,
        'settings', array(
            select setting
            from pg_db_role_setting as s, unnest(s.setconfig) as setting
            where s.setdatabase = b.oid and s.setrole = 0
            order by 1
        ),
        'grants', coalesce(b.datacl, acldefault('d', b.datdba))::text[],
        'comment', d.description
    )
from pg_database as b
left join pg_shdescription as d on d.classoid = 'pg_database'::regclass and d.objoid = b.oid
where $1::text[] is null and b.datname = current_database()
union all
select
    'security label',
    l.provider || ' on ' || i.type || ' ' || i.identity,
    json_build_object('label', l.label)
from (
    select classoid, objoid, objsubid, provider, label from pg_seclabel
    union all
    select classoid, objoid, 0, provider, label from pg_shseclabel where classoid = 'pg_authid'::regclass
) as l
cross join lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) as i
where $1::text[] is null
