-- Indexes. The definition holds the options (WITH) and the predicate; the tablespace it does not.
select
    'index',
    c.name,
    json_build_object(
        'schema', c.nspname,
        'table', i.indrelid::regclass::text,
        'definition', pg_get_indexdef(c.oid),
        'unique', i.indisunique,
        'valid', i.indisvalid,
        'ready', i.indisready,
        'clustered', i.indisclustered,
        'replica_identity', i.indisreplident,
        'tablespace', s.spcname,
        'statistics', a.targets,
        'parent', h.inhparent::regclass::text,
        'comment', d.description
    )
from relations as c
join pg_index as i on i.indexrelid = c.oid
left join pg_tablespace as s on s.oid = c.reltablespace
left join (
    select attrelid, json_object_agg(attname, attstattarget order by attnum) as targets
    from pg_attribute
    where attstattarget >= 0 and attnum > 0
    group by attrelid
) as a on a.attrelid = c.oid
left join pg_inherits as h on h.inhrelid = c.oid
left join pg_description as d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
where c.relkind in ('i', 'I')
