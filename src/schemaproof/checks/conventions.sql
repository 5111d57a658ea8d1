-- The house rules that the catalogue shows: rule, kind and name of the object, what is wrong. Names longer than PostgreSQL
-- keeps are cut, so that one of 63 bytes is let pass.
with
    relations as materialized (
        select c.*, n.nspname, format('%%I.%%I', n.nspname, c.relname) as label
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        where
            c.relkind in ('r', 'p') and not c.relispartition
            and not exists (
                select from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
            )
    ),
    attributes as materialized (
        select a.*, c.label || '.' || quote_ident(a.attname) as label, t.typname, t.typtype
        from pg_catalog.pg_attribute as a
        join relations as c on c.oid = a.attrelid
        join pg_catalog.pg_type as t on t.oid = a.atttypid
        where a.attnum > 0 and not a.attisdropped
    ),
    indexes as materialized (
        select i.*, x.relname, c.relname as on_table, format('%%I.%%I', c.nspname, x.relname) as label,
               exists (select from pg_catalog.pg_constraint as k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))
                   as constrains
        from pg_catalog.pg_index as i
        join relations as c on c.oid = i.indrelid
        join pg_catalog.pg_class as x on x.oid = i.indexrelid
    ),
    policies as materialized (
        select p.*, c.label || '.' || quote_ident(p.polname) as label,
               case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
                   else 'all' end as command
        from pg_catalog.pg_policy as p
        join relations as c on c.oid = p.polrelid
    ),
    routines as materialized (
        select p.*, p.oid::regprocedure::text as label, case p.prokind when 'p' then 'procedure' else 'function' end as kind
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace and n.nspname = any (%(schemas)s)
        where
            p.prokind in ('f', 'p')
            and not exists (
                select from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
            )
    ),
    found (rule, kind, label, what) as (
        select 'constraint_names', 'constraint', c.label || '.' || quote_ident(k.conname),
               case k.contype
                   when 'p' then 'is not called ' || c.relname || '_pkey'
                   when 'f' then 'is not called ' || c.relname || '_…_fkey'
                   when 'u' then 'is not called ' || c.relname || '_…_key'
                   else 'is not named by what it claims'
               end
        from pg_catalog.pg_constraint as k
        join relations as c on c.oid = k.conrelid
        where
            octet_length(k.conname) < 63
            and case k.contype
                when 'p' then k.conname <> c.relname || '_pkey'
                when 'f' then not (starts_with(k.conname, c.relname || '_') and k.conname ~ '_fkey$')
                when 'u' then not (starts_with(k.conname, c.relname || '_') and k.conname ~ '_key$')
                when 'c' then k.conname ~ '_check[0-9]*$'
                else false
            end
        union all
        select 'index_names', 'index', i.label,
               'is not called ' || i.on_table || case when i.indisunique then '_…_key' else '_…_idx' end
        from indexes as i
        where
            not i.constrains and octet_length(i.relname) < 63
            and not (
                starts_with(i.relname, i.on_table || '_')
                and i.relname ~ case when i.indisunique then '_key$' else '_idx$' end
            )
        union all
        select 'policy_names', 'policy', p.label, 'is not called ' || p.command || '_<audience>'
        from policies as p
        where p.command <> 'all' and p.polname !~ ('^' || p.command || '_[a-z0-9_]+$')
        union all
        select 'policy_commands', 'policy', p.label, 'is for all commands: write one for each'
        from policies as p
        where p.command = 'all'
        union all
        select 'policy_roles', 'policy', p.label, 'does not say to whom'
        from policies as p
        where p.polroles = '{0}'
        union all
        select 'time_zones', 'column', a.label, 'is a ' || pg_catalog.format_type(a.atttypid, null) || ', not timestamptz'
        from attributes as a
        where a.typname in ('timestamp', 'timetz')
        union all
        select 'closed_sets', 'column', a.label, 'is an enum: use text with a check'
        from attributes as a
        where a.typtype = 'e'
        union all
        select 'documents', 'column', a.label, 'is a document that no check keeps an object'
        from attributes as a
        where
            a.typname = 'jsonb' and a.attgenerated = ''
            and not exists (
                select from pg_catalog.pg_constraint as k
                where k.conrelid = a.attrelid and k.contype = 'c' and a.attnum = any (k.conkey)
                    and pg_catalog.pg_get_constraintdef(k.oid) like '%%jsonb_typeof%%'
            )
        union all
        select 'text_limits', 'column', a.label, 'is written by requests, and no check limits it'
        from attributes as a
        where
            a.typname = 'text' and a.attgenerated = ''
            and exists (
                select from unnest(%(roles)s::text[]) as r (name)
                where pg_catalog.has_column_privilege(r.name, a.attrelid, a.attnum, 'insert')
                    or pg_catalog.has_column_privilege(r.name, a.attrelid, a.attnum, 'update')
            )
            and not exists (
                select from pg_catalog.pg_constraint as k
                where k.conrelid = a.attrelid and k.contype in ('c', 'f') and a.attnum = any (k.conkey)
            )
        union all
        select 'set_null_columns', 'constraint', c.label || '.' || quote_ident(k.conname), 'does not say which column SET NULL empties'
        from pg_catalog.pg_constraint as k
        join relations as c on c.oid = k.conrelid
        where k.contype = 'f' and k.confdeltype = 'n' and cardinality(k.conkey) > 1 and k.confdelsetcols is null
        union all
        select 'row_security', 'table', c.label, 'does not have row-level security both enabled and forced'
        from relations as c
        where not (c.relrowsecurity and c.relforcerowsecurity)
        union all
        select 'definer_paths', p.kind, p.label, 'has its owner''s rights and not search_path = '''''
        from routines as p
        where p.prosecdef and not coalesce(p.proconfig && array['search_path=""', 'search_path='], false)
        union all
        select 'comments', m.kind, m.label, 'has no comment'
        from (
            select 'schema' as kind, quote_ident(n.nspname) as label, n.oid, 0 as part,
                   'pg_catalog.pg_namespace'::regclass as class
            from pg_catalog.pg_namespace as n
            where n.nspname = any (%(schemas)s) and n.nspname <> 'public'
            union all
            select 'table', label, oid, 0, 'pg_catalog.pg_class'::regclass from relations
            union all
            select 'column', label, attrelid, attnum, 'pg_catalog.pg_class'::regclass from attributes
            union all
            select 'index', label, indexrelid, 0, 'pg_catalog.pg_class'::regclass from indexes where not constrains
            union all
            select 'policy', label, oid, 0, 'pg_catalog.pg_policy'::regclass from policies
            union all
            select kind, label, oid, 0, 'pg_catalog.pg_proc'::regclass from routines
            union all
            select 'trigger', c.label || '.' || quote_ident(t.tgname), t.oid, 0, 'pg_catalog.pg_trigger'::regclass
            from pg_catalog.pg_trigger as t join relations as c on c.oid = t.tgrelid where not t.tgisinternal
            union all
            select 'domain', format('%%I.%%I', n.nspname, t.typname), t.oid, 0, 'pg_catalog.pg_type'::regclass
            from pg_catalog.pg_type as t
            join pg_catalog.pg_namespace as n on n.oid = t.typnamespace and n.nspname = any (%(schemas)s)
            where
                t.typtype = 'd'
                and not exists (
                    select from pg_catalog.pg_depend as d
                    where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
                )
        ) as m
        where not exists (
            select from pg_catalog.pg_description as d
            where d.classoid = m.class and d.objoid = m.oid and d.objsubid = m.part
        )
    )
select rule, kind, label, what, 1 as objects
from found
where rule = any (%(rules)s)
union all
select '', '', '', '', (select count(*) from relations) + (select count(*) from routines)
order by rule, label
