-- only if exists (select from pg_range where rngtypid >= 16384)
-- only if exists (select from pg_type where oid >= 16384 and (typtype = 'p' or typtype = 'b' and typelem = 0))
-- Ranges, base types and shell types. Array types and multiranges come with what they are made of.
select
    'type',
    n.name || '.' || quote_ident(t.typname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(t.typowner),
        'form', case t.typtype when 'r' then 'range' when 'b' then 'base' else 'shell' end,
        'default', t.typdefault,
        'range', case when t.typtype = 'r' then json_build_object(
            'subtype', format_type(r.rngsubtype, null),
            'multirange', format_type(r.rngmultitypid, null),
            'collation', nullif(r.rngcollation, 0)::regcollation::text,
            'opclass', (
                select quote_ident(s.nspname) || '.' || quote_ident(o.opcname)
                from pg_opclass as o
                join pg_namespace as s on s.oid = o.opcnamespace
                where o.oid = r.rngsubopc
            ),
            'canonical', nullif(r.rngcanonical::oid, 0)::regproc::text,
            'diff', nullif(r.rngsubdiff::oid, 0)::regproc::text
        ) end,
        'base_type', case when t.typtype = 'b' then json_build_object(
            'input', t.typinput::text, 'output', t.typoutput::text,
            'receive', nullif(t.typreceive::oid, 0)::regproc::text, 'send', nullif(t.typsend::oid, 0)::regproc::text,
            'typmod_in', nullif(t.typmodin::oid, 0)::regproc::text,
            'typmod_out', nullif(t.typmodout::oid, 0)::regproc::text,
            'analyze', nullif(t.typanalyze::oid, 0)::regproc::text,
            'subscript', nullif(t.typsubscript::oid, 0)::regproc::text,
            'length', t.typlen, 'by_value', t.typbyval, 'alignment', t.typalign, 'storage', t.typstorage,
            'category', t.typcategory, 'preferred', t.typispreferred, 'delimiter', t.typdelim,
            'element', nullif(t.typelem, 0)::regtype::text, 'collatable', t.typcollation <> 0
        ) end,
        'grants', coalesce(t.typacl, acldefault('T', t.typowner))::text[],
        'comment', d.description
    )
from pg_type as t
join namespaces as n on n.oid = t.typnamespace
left join pg_range as r on r.rngtypid = t.oid
left join pg_description as d on d.classoid = 'pg_type'::regclass and d.objoid = t.oid
where
    t.typtype in ('b', 'p', 'r')
    and not exists (select from pg_type as element where element.typarray = t.oid)
    and not exists (select from members where classid = 'pg_type'::regclass and objid = t.oid)
