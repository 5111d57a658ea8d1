-- before 150000
-- only if exists (select from pg_publication)
-- Publications of PostgreSQL 14, which knows neither row filters nor column lists nor schemas.
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
        'tables', array(
            select r.prrelid::regclass::text from pg_publication_rel as r where r.prpubid = p.oid order by 1
        ),
        'comment', d.description
    )
from pg_publication as p
left join pg_description as d on d.classoid = 'pg_publication'::regclass and d.objoid = p.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_publication'::regclass and objid = p.oid)
