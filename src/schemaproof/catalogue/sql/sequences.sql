-- Sequences: parameters and owner, not the current value, which is data.
select
    'sequence',
    c.name,
    json_build_object(
        'schema', c.nspname,
        'owner', pg_get_userbyid(c.relowner),
        'persistence', case c.relpersistence when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end,
        'type', format_type(s.seqtypid, null),
        'start', s.seqstart,
        'increment', s.seqincrement,
        'minimum', s.seqmin,
        'maximum', s.seqmax,
        'cache', s.seqcache,
        'cycle', s.seqcycle,
        'owned_by', o.refobjid::regclass::text || '.' || quote_ident(a.attname),
        'grants', coalesce(c.relacl, acldefault('s', c.relowner))::text[],
        'comment', d.description
    )
from relations as c
join pg_sequence as s on s.seqrelid = c.oid
left join pg_depend as o
    on o.classid = 'pg_class'::regclass and o.objid = c.oid
    and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
left join pg_attribute as a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
left join pg_description as d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
