-- since 150000
-- only if exists (select from pg_publication)
-- Publications with their tables (columns and row filter) and schemas.
select
    'publication',
    quote_ident(p.pubname),
    json_build_object(
        'owner', pg_get_userbyid(p.pubowner),
        'all_tables', p.puballtables,
        'operations', array_remove(array[
            case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
            case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end
        ], null),
        'via_root', p.pubviaroot,
        'generated_columns', to_jsonb(p) ->> 'pubgencols',
        'tables', array(
            select
                r.prrelid::regclass::text
                || coalesce(' (' || (
                    select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
                    from pg_attribute as a
                    where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])
                ) || ')', '')
                || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '')
            from pg_publication_rel as r
            where r.prpubid = p.oid
            order by 1
        ),
        'schemas', array(
            select n.nspname
            from pg_publication_namespace as s
            join pg_namespace as n on n.oid = s.pnnspid
            where s.pnpubid = p.oid
            order by 1
        ),
        'comment', d.description
    )
from pg_publication as p
left join pg_description as d on d.classoid = 'pg_publication'::regclass and d.objoid = p.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_publication'::regclass and objid = p.oid)
