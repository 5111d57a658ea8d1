-- Columns of tables, views and composite types.
select
    'column',
    c.name || '.' || quote_ident(a.attname),
    json_build_object(
        'schema', c.nspname,
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end,
        'not_null', a.attnotnull,
        'default', case when a.attgenerated = '' then pg_get_expr(e.adbin, e.adrelid) end,
        'generated', case when a.attgenerated <> '' then pg_get_expr(e.adbin, e.adrelid) end,
        'generated_kind', case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end,
        'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
        'storage', case a.attstorage
            when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended'
        end,
        'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
        'statistics', nullif(a.attstattarget, -1),
        -- Debian's 15.20 stamps each column with the transaction that last changed it; its pg_dump leaves that out too
        'options', nullif(
            array(select option from unnest(a.attoptions) as option where not starts_with(option, 'pg_attver=')), '{}'
        ),
        'server_options', a.attfdwoptions,
        'inherited', nullif(a.attinhcount > 0, false),
        'local', nullif(a.attislocal, true),
        'grants', a.attacl::text[],
        'comment', d.description
    )
from relations as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type as t on t.oid = a.atttypid
left join pg_attrdef as e on e.adrelid = a.attrelid and e.adnum = a.attnum
left join pg_description as d
    on d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
