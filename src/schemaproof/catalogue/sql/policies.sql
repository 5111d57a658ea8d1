-- Row-level security policies. Those on extensions' tables are listed too: only migrations can have added to them.
select
    'policy',
    p.polrelid::regclass::text || '.' || quote_ident(p.polname),
    json_build_object(
        'schema', n.nspname,
        'command', case p.polcmd
            when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
        end,
        'permissive', p.polpermissive,
        'roles', array(
            select case role when 0 then 'public' else pg_get_userbyid(role) end
            from unnest(p.polroles) as role
            order by 1
        ),
        'using', pg_get_expr(p.polqual, p.polrelid),
        'check', pg_get_expr(p.polwithcheck, p.polrelid),
        'comment', d.description
    )
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
join namespaces as n on n.oid = c.relnamespace
left join pg_description as d on d.classoid = 'pg_policy'::regclass and d.objoid = p.oid
