-- only if exists (select from pg_operator where oid >= 16384)
-- only if exists (select from pg_opfamily where oid >= 16384)
-- only if exists (select from pg_opclass where oid >= 16384)
-- only if exists (select from pg_cast where oid >= 16384)
-- Operators, their families and classes, and casts.
select
    'operator',
    o.oid::regoperator::text,
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(o.oprowner),
        'function', o.oprcode::text,
        'result', format_type(o.oprresult, null),
        'commutator', nullif(o.oprcom, 0)::regoperator::text,
        'negator', nullif(o.oprnegate, 0)::regoperator::text,
        'restrict', nullif(o.oprrest::oid, 0)::regproc::text,
        'join', nullif(o.oprjoin::oid, 0)::regproc::text,
        'hashes', o.oprcanhash,
        'merges', o.oprcanmerge,
        'comment', d.description
    )
from pg_operator as o
join namespaces as n on n.oid = o.oprnamespace
left join pg_description as d on d.classoid = 'pg_operator'::regclass and d.objoid = o.oid
where not exists (select from members where classid = 'pg_operator'::regclass and objid = o.oid)
union all
select
    'operator family',
    n.name || '.' || quote_ident(f.opfname) || ' using ' || am.amname,
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(f.opfowner),
        'operators', array(
            select amopstrategy || ' ' || amopopr::regoperator::text || ' ' || amoppurpose::text
            from pg_amop
            where amopfamily = f.oid
            order by 1
        ),
        'functions', array(
            select
                amprocnum || ' ' || amproc::regprocedure::text
                || ' for ' || format_type(amproclefttype, null) || ', ' || format_type(amprocrighttype, null)
            from pg_amproc
            where amprocfamily = f.oid
            order by 1
        ),
        'comment', d.description
    )
from pg_opfamily as f
join namespaces as n on n.oid = f.opfnamespace
join pg_am as am on am.oid = f.opfmethod
left join pg_description as d on d.classoid = 'pg_opfamily'::regclass and d.objoid = f.oid
where not exists (select from members where classid = 'pg_opfamily'::regclass and objid = f.oid)
union all
select
    'operator class',
    n.name || '.' || quote_ident(c.opcname) || ' using ' || am.amname,
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(c.opcowner),
        'family', quote_ident(s.nspname) || '.' || quote_ident(f.opfname),
        'type', format_type(c.opcintype, null),
        'default', c.opcdefault,
        'stored_as', case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end,
        'comment', d.description
    )
from pg_opclass as c
join namespaces as n on n.oid = c.opcnamespace
join pg_am as am on am.oid = c.opcmethod
join pg_opfamily as f on f.oid = c.opcfamily
join pg_namespace as s on s.oid = f.opfnamespace
left join pg_description as d on d.classoid = 'pg_opclass'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_opclass'::regclass and objid = c.oid)
union all
select
    'cast',
    format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null),
    json_build_object(
        'function', nullif(c.castfunc, 0)::regprocedure::text,
        'context', case c.castcontext when 'e' then 'explicit' when 'a' then 'assignment' else 'implicit' end,
        'method', case c.castmethod when 'f' then 'function' when 'i' then 'in and out functions' else 'binary' end,
        'comment', d.description
    )
from pg_cast as c
left join pg_description as d on d.classoid = 'pg_cast'::regclass and d.objoid = c.oid
where
    $1::text[] is null
    and c.oid >= 16384
    -- members of extensions, and the cast of a range type to its multirange
    and not exists (
        select from pg_depend where classid = 'pg_cast'::regclass and objid = c.oid and deptype in ('e', 'i')
    )
