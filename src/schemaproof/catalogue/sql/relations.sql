-- Tables, views, materialized views, foreign tables. `columns` is their order; each column is an object of its own.
select
    case c.relkind
        when 'v' then 'view'
        when 'm' then 'materialized view'
        when 'f' then 'foreign table'
        else 'table'
    end,
    c.name,
    json_build_object(
        'schema', c.nspname,
        'owner', pg_get_userbyid(c.relowner),
        'persistence', case c.relpersistence when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end,
        'row_security', case when c.relkind in ('r', 'p') then c.relrowsecurity end,
        'force_row_security', case when c.relkind in ('r', 'p') then c.relforcerowsecurity end,
        'replica_identity', case
            when c.relkind not in ('r', 'p', 'm') then null
            when c.relreplident = 'n' then 'nothing'
            when c.relreplident = 'f' then 'full'
            when c.relreplident = 'i' then 'index'
            else 'default'
        end,
        'options', c.reloptions,
        'toast_options', t.reloptions,
        'access_method', am.amname,
        'tablespace', s.spcname,
        'of_type', nullif(c.reloftype, 0)::regtype::text,
        'partition_key', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
        'partition_bound', case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end,
        'inherits', i.parents,
        'columns', a.names,
        'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
        'populated', case when c.relkind = 'm' then c.relispopulated end,
        'server', f.srvname,
        'server_options', f.ftoptions,
        'grants', coalesce(c.relacl, acldefault('r', c.relowner))::text[],
        'comment', d.description
    )
from relations as c
left join pg_class as t on t.oid = c.reltoastrelid
left join pg_am as am on am.oid = c.relam
left join pg_tablespace as s on s.oid = c.reltablespace
left join (
    select attrelid, json_agg(attname order by attnum) as names
    from pg_attribute
    where attnum > 0 and not attisdropped
    group by attrelid
) as a on a.attrelid = c.oid
left join (
    select inhrelid, json_agg(inhparent::regclass::text order by inhseqno) as parents
    from pg_inherits
    group by inhrelid
) as i on i.inhrelid = c.oid
left join (
    select ft.ftrelid, ft.ftoptions, fs.srvname
    from pg_foreign_table as ft
    join pg_foreign_server as fs on fs.oid = ft.ftserver
) as f on f.ftrelid = c.oid
left join pg_description as d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
where c.relkind in ('r', 'p', 'f', 'v', 'm')
