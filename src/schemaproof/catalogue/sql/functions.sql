-- Functions, procedures and aggregates; identified by the types of their arguments.
select
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
    p.oid::regprocedure::text,
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(p.proowner),
        'arguments', pg_get_function_arguments(p.oid),
        'result', pg_get_function_result(p.oid),
        'language', l.lanname,
        'window', nullif(p.prokind = 'w', false),
        'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
        'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
        'strict', p.proisstrict,
        'security_definer', p.prosecdef,
        'leakproof', p.proleakproof,
        'cost', p.procost,
        'rows', nullif(p.prorows, 0),
        'settings', p.proconfig,
        'support', nullif(p.prosupport, 0)::regprocedure::text,
        'transforms', p.protrftypes::regtype[]::text[],
        'body', coalesce(pg_get_function_sqlbody(p.oid), nullif(p.prosrc, 'aggregate_dummy')),
        'library', p.probin,
        'aggregate', case when g.aggfnoid is not null then json_build_object(
            'kind', g.aggkind,
            'sfunc', g.aggtransfn::text,
            'stype', format_type(g.aggtranstype, null),
            'sspace', nullif(g.aggtransspace, 0),
            'initcond', g.agginitval,
            'finalfunc', nullif(g.aggfinalfn::oid, 0)::regproc::text,
            'finalfunc_extra', g.aggfinalextra,
            'finalfunc_modify', g.aggfinalmodify,
            'combinefunc', nullif(g.aggcombinefn::oid, 0)::regproc::text,
            'serialfunc', nullif(g.aggserialfn::oid, 0)::regproc::text,
            'deserialfunc', nullif(g.aggdeserialfn::oid, 0)::regproc::text,
            'msfunc', nullif(g.aggmtransfn::oid, 0)::regproc::text,
            'minvfunc', nullif(g.aggminvtransfn::oid, 0)::regproc::text,
            'mstype', nullif(g.aggmtranstype, 0)::regtype::text,
            'msspace', nullif(g.aggmtransspace, 0),
            'minitcond', g.aggminitval,
            'mfinalfunc', nullif(g.aggmfinalfn::oid, 0)::regproc::text,
            'mfinalfunc_extra', g.aggmfinalextra,
            'mfinalfunc_modify', g.aggmfinalmodify,
            'sortop', nullif(g.aggsortop, 0)::regoperator::text
        ) end,
        'grants', coalesce(p.proacl, acldefault('f', p.proowner))::text[],
        'comment', d.description
    )
from pg_proc as p
join namespaces as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang
left join pg_aggregate as g on g.aggfnoid = p.oid
left join pg_description as d on d.classoid = 'pg_proc'::regclass and d.objoid = p.oid
where
    not exists (select from members where classid = 'pg_proc'::regclass and objid = p.oid)
    -- the constructors of a range type come and go with it
    and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'i')
