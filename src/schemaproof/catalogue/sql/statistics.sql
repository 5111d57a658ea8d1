-- only if exists (select from pg_statistic_ext)
-- Extended statistics objects.
select
    'statistics',
    n.name || '.' || quote_ident(s.stxname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(s.stxowner),
        'definition', pg_get_statisticsobjdef(s.oid),
        'statistics', nullif(s.stxstattarget, -1),
        'comment', d.description
    )
from pg_statistic_ext as s
join namespaces as n on n.oid = s.stxnamespace
left join pg_description as d on d.classoid = 'pg_statistic_ext'::regclass and d.objoid = s.oid
where not exists (select from members where classid = 'pg_statistic_ext'::regclass and objid = s.oid)
