select jsonb_build_object(
    'tables', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'oid', c.oid::bigint, 'schema', n.nspname, 'name', c.relname, 'label', format('%I.%I', n.nspname, c.relname),
            'partitioned', c.relkind = 'p', 'partition', c.relispartition,
            'extension', exists (
                select from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
            ),
            'leaves', (
                select jsonb_agg(jsonb_build_object(
                    'oid', l.oid::bigint, 'schema', ln.nspname, 'name', l.relname, 'label', format('%I.%I', ln.nspname, l.relname),
                    'expression', pg_catalog.pg_get_partition_constraintdef(l.oid)
                ) order by ln.nspname, l.relname)
                from pg_catalog.pg_partition_tree(c.oid) as t
                join pg_catalog.pg_class as l on l.oid = t.relid
                join pg_catalog.pg_namespace as ln on ln.oid = l.relnamespace
                where t.isleaf and l.relkind = 'r' and c.relkind = 'p' and not c.relispartition
            )
        ) order by n.nspname, c.relname), '[]')
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where
            c.relkind in ('r', 'p') and c.relpersistence <> 't'
            and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(catalog$|toast|temp)'
    ),
    'columns', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'table', a.attrelid::bigint, 'name', a.attname, 'type', a.atttypid::bigint, 'typmod', a.atttypmod,
            'type_name', pg_catalog.format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
            'always', a.attidentity = 'a' or a.attgenerated <> '', 'identity', a.attidentity <> '',
            'default', case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
            'generation', case when a.attgenerated <> '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end
        ) order by a.attrelid, a.attnum), '[]')
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where
            a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
            and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(catalog$|toast|temp)'
    ),
    'constraints', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'table', k.conrelid::bigint, 'name', k.conname, 'kind', k.contype,
            'columns', (
                select jsonb_agg(a.attname order by u.place)
                from unnest(k.conkey) with ordinality as u (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
            ),
            'parent', k.confrelid::bigint,
            'parent_columns', (
                select jsonb_agg(a.attname order by u.place)
                from unnest(k.confkey) with ordinality as u (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum
            ),
            'full', k.confmatchtype = 'f', 'deferrable', k.condeferrable,
            'enforced', coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true),
            'period', coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false),
            'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid),
            'definition', pg_catalog.pg_get_constraintdef(k.oid)
        ) order by k.conrelid, k.contype, k.conname), '[]')
        from pg_catalog.pg_constraint as k
        join pg_catalog.pg_class as c on c.oid = k.conrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where
            k.contype in ('c', 'f') and k.conparentid = 0 and c.relkind in ('r', 'p')
            and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(catalog$|toast|temp)'
    ),
    'indexes', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'table', i.indrelid::bigint, 'name', x.relname, 'primary', i.indisprimary,
            'columns', (
                select jsonb_agg(a.attname order by u.place)
                from unnest(i.indkey::smallint[]) with ordinality as u (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = u.attnum
                where u.place <= i.indnkeyatts
            ),
            'plain', i.indexprs is null and i.indpred is null and not i.indisexclusion,
            'expressions', pg_catalog.pg_get_expr(i.indexprs, i.indrelid),
            'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid),
            'definition', pg_catalog.pg_get_indexdef(i.indexrelid)
        ) order by i.indrelid, not i.indisprimary, x.relname), '[]')
        from pg_catalog.pg_index as i
        join pg_catalog.pg_class as x on x.oid = i.indexrelid
        join pg_catalog.pg_class as c on c.oid = i.indrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where
            (i.indisunique or i.indisexclusion) and c.relkind in ('r', 'p')
            and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(catalog$|toast|temp)'
    ),
    'triggers', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'table', t.tgrelid::bigint, 'name', t.tgname, 'function', p.oid::regproc::text,
            'source', p.prosrc, 'definition', pg_catalog.pg_get_triggerdef(t.oid)
        ) order by t.tgrelid, t.tgname), '[]')
        from pg_catalog.pg_trigger as t
        join pg_catalog.pg_proc as p on p.oid = t.tgfoid
        where not t.tgisinternal and t.tgenabled <> 'D'
    ),
    'types', (
        select jsonb_agg(jsonb_build_object(
            'oid', t.oid::bigint, 'name', t.typname, 'sql', pg_catalog.format_type(t.oid, null), 'kind', t.typtype,
            'category', t.typcategory,
            'base', t.typbasetype::bigint, 'typmod', t.typtypmod, 'required', t.typnotnull,
            'element', case when t.typcategory = 'A' then t.typelem else 0 end::bigint,
            'labels', (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum as e where e.enumtypid = t.oid),
            'attributes', (
                select jsonb_agg(jsonb_build_array(a.atttypid::bigint, a.atttypmod) order by a.attnum)
                from pg_catalog.pg_attribute as a
                where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
            ),
            'subtype', (
                select r.rngsubtype::bigint from pg_catalog.pg_range as r
                where t.oid in (r.rngtypid, r.rngmultitypid)
            ),
            'checks', (
                select jsonb_agg(jsonb_build_object(
                    'name', k.conname, 'expression', pg_catalog.pg_get_expr(k.conbin, 0),
                    'definition', pg_catalog.pg_get_constraintdef(k.oid)
                ) order by k.conname)
                from pg_catalog.pg_constraint as k where k.contypid = t.oid and k.contype = 'c'
            )
        ))
        from pg_catalog.pg_type as t
        where t.oid in (select a.atttypid from pg_catalog.pg_attribute as a where a.attrelid >= 16384 and a.attnum > 0)
            or t.oid in (select e.typelem from pg_catalog.pg_type as e where e.typcategory = 'A')
            or t.oid in (select e.typbasetype from pg_catalog.pg_type as e)
            or t.oid in (select e.rngsubtype from pg_catalog.pg_range as e)
            or t.typtype in ('b', 'd', 'e', 'r', 'm')
    ),
    'now', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
)
