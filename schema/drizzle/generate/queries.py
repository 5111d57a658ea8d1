"""The queries of the generator: what the catalogue keeps of the schema `public`."""

__all__ = ["CLOSED_SETS", "COLUMNS", "CONSTRAINTS", "DELETABLE", "FUNCTIONS", "INDEXES", "POLICIES", "RELATIONS"]

DELETABLE = "select table_name from private.deletable_tables() where id_column is not null order by table_name"

COLUMNS = """
    select
        c.relname as relation, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
        c.relkind = 'v' as in_view,
        a.attnotnull as never_null, coalesce(col_description(c.oid, a.attnum), '') as comment,
        has_column_privilege('authenticated', c.oid, a.attnum, 'select') as readable,
        c.oid as relation_id, a.attnum as number,
        pg_get_expr(d.adbin, d.adrelid) as default
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
    order by c.relname, a.attnum
"""

RELATIONS = """
    select relname as name, coalesce(obj_description(oid, 'pg_class'), '') as comment
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
"""

_NAMES = """
    array(
        select a.attname::text from unnest({keys}) with ordinality as k (number, place)
        join pg_attribute as a on a.attrelid = {relation} and a.attnum = k.number order by k.place
    )
"""

CONSTRAINTS = f"""
    select
        c.relname as relation, o.conname as name, o.contype as kind, pg_get_expr(o.conbin, o.conrelid) as condition,
        {_NAMES.format(keys="o.conkey", relation="o.conrelid")} as columns,
        p.relname as parent, p.relnamespace::regnamespace::text as parent_schema,
        {_NAMES.format(keys="o.confkey", relation="o.confrelid")} as parent_columns,
        array(
            select format_type(a.atttypid, null) from unnest(o.confkey) as k (number)
            join pg_attribute as a on a.attrelid = o.confrelid and a.attnum = k.number
        ) as parent_types,
        o.confdeltype as on_delete, o.confupdtype as on_update,
        {_NAMES.format(keys="o.confdelsetcols", relation="o.conrelid")} as set_columns,
        coalesce(i.indnullsnotdistinct, false) as nulls_not_distinct, pg_get_constraintdef(o.oid) as definition
    from pg_constraint as o
    join pg_class as c on c.oid = o.conrelid and c.relnamespace = 'public'::regnamespace
    left join pg_class as p on p.oid = o.confrelid
    left join pg_index as i on i.indexrelid = o.conindid and o.contype = 'u'
    where o.contype in ('p', 'u', 'f', 'c', 'x')
    order by array_position(array['p', 'u', 'f', 'c', 'x']::"char"[], o.contype), o.conname
"""  # noqa: S608  # the braces are ours

INDEXES = f"""
    select
        c.relname as relation, n.relname as name, i.indisunique as is_unique, m.amname as method,
        pg_get_expr(i.indpred, i.indrelid) as condition, i.indnullsnotdistinct as nulls_not_distinct,
        array(
            select jsonb_build_object(
                'column', a.attname, 'expression', pg_get_indexdef(i.indexrelid, k.place::integer, true),
                'option', i.indoption[k.place - 1], 'class', case when not p.opcdefault then p.opcname end
            )
            from unnest(i.indkey[:i.indnkeyatts - 1]) with ordinality as k (number, place)
            left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
            join pg_opclass as p on p.oid = i.indclass[k.place - 1]
            order by k.place
        ) as keys,
        {_NAMES.format(keys="i.indkey[i.indnkeyatts:]", relation="i.indrelid")} as included
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
    join pg_class as n on n.oid = i.indexrelid
    join pg_am as m on m.oid = n.relam
    where not exists (select from pg_constraint as o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
    order by n.relname
"""  # noqa: S608  # the braces are ours

POLICIES = """
    select
        c.relname as relation, p.polname as name, p.polpermissive as permissive, p.polcmd as command,
        array(
            select case when r = 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) as r
        ) as roles,
        pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as with_check
    from pg_policy as p
    join pg_class as c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
    order by array_position(array['*', 'r', 'a', 'w', 'd']::"char"[], p.polcmd), p.polname
"""

CLOSED_SETS = r"""
    select
        c.relname as relation, a.attname as name,
        array(select m[1] from regexp_matches(pg_get_constraintdef(o.oid), '''([^'']*)''::text', 'g') as m) as values
    from pg_constraint as o
    join pg_class as c on c.oid = o.conrelid and c.relnamespace = 'public'::regnamespace
    join pg_attribute as a on a.attrelid = c.oid and a.attnum = o.conkey[1]
    where o.contype = 'c' and pg_get_constraintdef(o.oid) ~ '^CHECK \(\(\w+ = ANY \(ARRAY\[''[^]]*::text\]\)\)\)$'
"""

FUNCTIONS = """
    select
        p.proname as name, coalesce(obj_description(p.oid, 'pg_proc'), '') as comment, p.proretset as is_set,
        format_type(p.prorettype, null) as returns, r.relname as relation,
        array(
            select jsonb_build_object(
                'name', p.proargnames[k.place], 'mode', coalesce(p.proargmodes[k.place], 'i'),
                'type', format_type(k.type, null), 'has_default',
                coalesce(p.proargmodes[k.place], 'i') = 'i' and k.place > p.pronargs - p.pronargdefaults
            )
            from unnest(coalesce(p.proallargtypes, p.proargtypes)) with ordinality as k (type, place) order by k.place
        ) as parameters
    from pg_proc as p
    left join pg_class as r on r.reltype = p.prorettype and r.relnamespace = 'public'::regnamespace
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
        and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    order by p.proname
"""
