-- The tables that hold data of the database's own, partitioned ones once, and the sequences.
with
    extensions_own as (
        select objid from pg_catalog.pg_depend
        where classid = 'pg_catalog.pg_class'::regclass and deptype = 'e'
    ),
    named as (
        select oid, nspname from pg_catalog.pg_namespace
        where nspname <> 'information_schema' and nspname !~ '^pg_' and nspname <> all (%(but)s::text[])
            and (%(schemas)s::text[] is null or nspname = any (%(schemas)s::text[]))
    ),
    tables as (
        select c.oid, c.relkind, pg_catalog.format('%%I.%%I', n.nspname, c.relname) as label
        from pg_catalog.pg_class as c
        join named as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
            and c.oid not in (select objid from extensions_own)
            and not exists (
                select from pg_catalog.pg_partition_tree(c.oid) as part
                join pg_catalog.pg_class as leaf on leaf.oid = part.relid
                where c.relkind = 'p' and leaf.relkind = 'f'
            )
    ),
    columns as (
        select
            a.attrelid,
            pg_catalog.array_agg(a.attname::text order by a.attname::text collate "C") as names,
            pg_catalog.array_agg(a.attname::text) filter (
                where 'numeric'::regtype in (a.atttypid, t.typbasetype)
            ) as numerics,
            pg_catalog.string_agg(
                pg_catalog.concat_ws(
                    ' ', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
                    (
                        select pg_catalog.string_agg(e.enumlabel, ',' order by e.enumsortorder)
                        from pg_catalog.pg_enum as e where e.enumtypid = a.atttypid
                    )
                ),
                ';' order by a.attnum
            ) as shape
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_type as t on t.oid = a.atttypid
        where a.attrelid in (select oid from tables) and a.attnum > 0 and not a.attisdropped
        group by a.attrelid
    ),
    constraints as (
        select
            conrelid,
            pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(oid), ';' order by conname) as shape,
            pg_catalog.max(conkey::text) filter (where contype = 'p')::int2[] as key
        from pg_catalog.pg_constraint
        where conrelid in (select oid from tables)
        group by conrelid
    ),
    uniques as (
        select
            indrelid,
            pg_catalog.string_agg(pg_catalog.pg_get_indexdef(indexrelid), ';' order by indexrelid) as shape
        from pg_catalog.pg_index
        where indisunique and not indisprimary and indrelid in (select oid from tables)
        group by indrelid
    )
select pg_catalog.json_build_object(
    'tables', (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'label', t.label,
            'only', t.relkind = 'r',
            'columns', coalesce(c.names, '{}'),
            'numerics', coalesce(c.numerics, '{}'),
            'key', (
                select coalesce(pg_catalog.array_agg(a.attname::text order by place), '{}')
                from pg_catalog.unnest(k.key) with ordinality as part (number, place)
                join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum = part.number
            ),
            'pages', (case t.relkind
                when 'r' then pg_catalog.pg_relation_size(t.oid)
                else (
                    select coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(relid)), 0)
                    from pg_catalog.pg_partition_tree(t.oid) where isleaf
                )
            end / 8192)::int8,
            'shape', pg_catalog.md5(pg_catalog.concat_ws('|', c.shape, k.shape, u.shape))
        ) order by t.label), '[]')
        from tables as t
        left join columns as c on c.attrelid = t.oid
        left join constraints as k on k.conrelid = t.oid
        left join uniques as u on u.indrelid = t.oid
    ),
    'sequences', (
        select coalesce(pg_catalog.json_object_agg(
            pg_catalog.format('%%I.%%I', s.schemaname, s.sequencename), s.last_value
        ), '{}')
        from pg_catalog.pg_sequences as s
        where s.schemaname in (select nspname from named)
    )
)
