-- Tables of some schemas: columns with what sends their type, keys, foreign keys, indexes, triggers that cannot be skipped.
with
    tables as (
        select c.oid, c.oid::regclass as relation, n.nspname || '.' || c.relname as name, c.relkind
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any (%(schemas)s)
    ),
    types as (
        select
            t.oid,
            coalesce(d.typname, t.typname) as base,
            t.typtype = 'd' as domain,
            s.nspname as send_schema,
            p.proname as send_name
        from pg_catalog.pg_type as t
        left join lateral (
            with recursive chain as (
                select b.oid, b.typname, b.typtype, b.typbasetype from pg_catalog.pg_type as b where b.oid = t.oid
                union all
                select b.oid, b.typname, b.typtype, b.typbasetype
                from chain join pg_catalog.pg_type as b on b.oid = chain.typbasetype
                where chain.typtype = 'd'
            )
            select chain.typname from chain where chain.typtype <> 'd'
        ) as d on true
        left join pg_catalog.pg_proc as p on p.oid = t.typsend
        left join pg_catalog.pg_namespace as s on s.oid = p.pronamespace
    )
select
    tables.name,
    tables.relkind,
    (select exists (select from pg_catalog.pg_inherits as i where i.inhparent = tables.oid)) as has_children,
    (
        select coalesce(json_agg(json_build_object(
            'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, null), 'base', types.base,
            'send', pg_catalog.quote_ident(types.send_schema) || '.' || pg_catalog.quote_ident(types.send_name),
            'not_null', a.attnotnull, 'has_default', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '',
            'checked', exists (
                select from pg_catalog.pg_constraint as r
                where r.conrelid = a.attrelid and r.contype = 'c' and a.attnum = any (r.conkey)
            ) or types.domain,
            'sequence', pg_catalog.pg_get_serial_sequence(tables.relation::text, a.attname)
        ) order by a.attnum), '[]')
        from pg_catalog.pg_attribute as a
        join types on types.oid = a.atttypid
        where a.attrelid = tables.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    (
        select coalesce(json_agg(json_build_object(
            'name', r.conname,
            'parent', n.nspname || '.' || p.relname,
            'full', r.confmatchtype = 'f',
            'columns', (
                select json_agg(a.attname order by k.n)
                from unnest(r.conkey) with ordinality as k (attnum, n)
                join pg_catalog.pg_attribute as a on a.attrelid = r.conrelid and a.attnum = k.attnum
            ),
            'parent_columns', (
                select json_agg(a.attname order by k.n)
                from unnest(r.confkey) with ordinality as k (attnum, n)
                join pg_catalog.pg_attribute as a on a.attrelid = r.confrelid and a.attnum = k.attnum
            )
        ) order by r.conname), '[]')
        from pg_catalog.pg_constraint as r
        join pg_catalog.pg_class as p on p.oid = r.confrelid
        join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
        where r.conrelid = tables.oid and r.contype = 'f' and r.conparentid = 0
    ) as foreign_keys,
    (
        select coalesce(json_agg(json_build_object(
            'oid', i.indexrelid::bigint, 'name', x.relname, 'unique', i.indisunique,
            'primary', i.indisprimary, 'partial', i.indpred is not null,
            'columns', (
                select coalesce(json_agg(a.attname order by k.n), '[]')
                from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality as k (attnum, n)
                join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
            )
        ) order by x.relname), '[]')
        from pg_catalog.pg_partition_tree(tables.oid) as leaf
        right join (select 1) as one on true
        join pg_catalog.pg_index as i on i.indrelid = coalesce(leaf.relid, tables.oid)
        join pg_catalog.pg_class as x on x.oid = i.indexrelid and x.relkind = 'i'
        where i.indisvalid
    ) as indexes,
    (
        select coalesce(json_agg(g.tgname order by g.tgname), '[]')
        from pg_catalog.pg_trigger as g
        where g.tgrelid = tables.oid and not g.tgisinternal and g.tgenabled = 'A'
    ) as always_triggers
from tables
order by tables.name
