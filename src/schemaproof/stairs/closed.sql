-- Columns of tables that take but a few values: those of an enum, or that a CHECK lists.
with columns as (
    select c.oid, format('%%I.%%I', n.nspname, c.relname) as label, a.attname, a.attnum, a.atttypid
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and format('%%I.%%I', n.nspname, c.relname) = any (%(wanted)s)
), listed as (
    select label, attname::text, (
        select array_agg(e.enumlabel::text order by e.enumsortorder)
        from pg_catalog.pg_enum as e where e.enumtypid = columns.atttypid
    ) as labels
    from columns
    union all
    select label, attname::text, (
        select array_agg(replace(coalesce(found[1], found[2]), '''''', ''''))
        from regexp_matches(pg_get_expr(k.conbin, k.conrelid), $re$'((?:[^']|'')*)'|\m(\d+)\M$re$, 'g') as found
    )
    from columns
    join pg_catalog.pg_constraint as k on k.conrelid = columns.oid and k.contype = 'c'
    where k.conkey = array[columns.attnum] and pg_get_expr(k.conbin, k.conrelid) ~ '= ANY \(+ARRAY\['
)
select label, attname, labels from listed where cardinality(labels) between 2 and %(most)s
