-- only if exists (select from pg_class where relname = 'job' and relnamespace = to_regnamespace('cron')
--     and has_table_privilege(oid, 'select') and has_schema_privilege(relnamespace, 'usage'))
-- Jobs of pg_cron, by name: the id is a sequence's, so it is no part of what a job is.
select
    'cron job',
    label || case when place > 1 then ' (' || place || ')' else '' end,
    json_build_object(
        'schedule', schedule, 'command', command, 'database', database, 'user', username, 'active', active
    )
from (
    select
        *,
        coalesce(jobname, command) as label,
        row_number() over (partition by coalesce(jobname, command) order by username, schedule, jobid) as place
    from cron.job
) as jobs
where $1::text[] is null
