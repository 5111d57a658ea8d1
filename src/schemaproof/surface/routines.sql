-- The functions and procedures of %(schemas)s, and which roles of %(roles)s may execute them.
select
    n.nspname as schema,
    p.proname as name,
    p.oid::regprocedure::text as label,
    p.prokind = 'p' as procedure,
    pg_catalog.pg_get_userbyid(p.proowner)::text as owner,
    p.prosecdef as definer,
    o.rolbypassrls or o.rolsuper as bypasses,
    l.lanname as language,
    p.provolatile as volatility,
    p.proleakproof as leakproof,
    p.prosqlbody is not null as bound,
    p.prorettype in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype) as trigger,
    pg_catalog.pg_get_function_result(p.oid) as result,
    coalesce(p.proconfig, '{}') as settings,
    coalesce(
        pg_catalog.pg_get_function_sqlbody(p.oid),
        p.prosrc
    ) as body,
    case when l.lanname = 'plpgsql' or p.prosqlbody is not null then pg_catalog.pg_get_functiondef(p.oid) end as definition,
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_array(
                    coalesce(p.proargnames[a.place], ''),
                    pg_catalog.format_type(a.type, null),
                    a.place > p.pronargs - p.pronargdefaults
                )
                order by a.place
            )
            from (
                select i.type, i.place
                from unnest(p.proargtypes::oid[]) with ordinality as i (type, place)
            ) as a
        ),
        '[]'
    ) as arguments,
    coalesce(
        (
            select jsonb_agg(r.rolname)
            from pg_catalog.pg_roles as r
            where
                r.rolname = any (%(roles)s)
                and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
                and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
        ),
        '[]'
    ) as executable_by
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
join pg_catalog.pg_language as l on l.oid = p.prolang
join pg_catalog.pg_roles as o on o.oid = p.proowner
where
    n.nspname = any (%(schemas)s)
    and p.prokind in ('f', 'p')
    and l.lanname not in ('internal', 'c')
    and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
    )
order by 3
