-- Roles that are not PostgreSQL's own, what they are members of, and their settings. They belong to the whole server.
select
    'role',
    quote_ident(r.rolname),
    json_build_object(
        'superuser', r.rolsuper,
        'inherit', r.rolinherit,
        'create_role', r.rolcreaterole,
        'create_database', r.rolcreatedb,
        'login', r.rolcanlogin,
        'replication', r.rolreplication,
        'bypass_row_security', r.rolbypassrls,
        'connection_limit', r.rolconnlimit,
        'valid_until', r.rolvaliduntil,
        'settings', array(
            select setting
            from pg_db_role_setting as s, unnest(s.setconfig) as setting
            where s.setrole = r.oid and s.setdatabase = 0
            order by 1
        ),
        'settings_here', array(
            select setting
            from pg_db_role_setting as s, unnest(s.setconfig) as setting
            where s.setrole = r.oid and s.setdatabase = (select oid from pg_database where datname = current_database())
            order by 1
        ),
        'comment', d.description
    )
from pg_roles as r
left join pg_shdescription as d on d.classoid = 'pg_authid'::regclass and d.objoid = r.oid
where $1::text[] is null and not starts_with(r.rolname, 'pg_')
union all
select
    'membership',
    quote_ident(m.member_name) || ' in ' || quote_ident(m.role_name),
    json_build_object('terms', json_agg(m.terms order by m.terms))
from (
    select
        pg_get_userbyid(a.member) as member_name,
        pg_get_userbyid(a.roleid) as role_name,
        'by ' || quote_ident(pg_get_userbyid(a.grantor))
        || case when a.admin_option then ' with admin' else '' end
        -- since 16
        || case to_jsonb(a) ->> 'inherit_option'
            when 'true' then ' with inherit' when 'false' then ' without inherit' else ''
        end
        || case to_jsonb(a) ->> 'set_option' when 'true' then ' with set' when 'false' then ' without set' else '' end
        as terms
    from pg_auth_members as a
) as m
where $1::text[] is null and not starts_with(m.member_name, 'pg_')
group by m.member_name, m.role_name
