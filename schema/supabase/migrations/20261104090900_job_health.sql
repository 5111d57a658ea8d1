-- Monitoring: the state of every job in service, and the problems among them, for the back end that raises the alarm.
-- Locks: none on any table.
create function private.job_states()
returns table (
    job_name text,
    schedule text,
    expected_every interval,
    last_started_at timestamptz,
    last_status text,
    last_succeeded_at timestamptz,
    last_rows_affected bigint,
    last_error_sqlstate text,
    last_error_message text,
    failed_since timestamptz,
    killed_since timestamptz,
    overdue_since timestamptz,
    never_run_since timestamptz
)
language sql
stable
-- As owner of the log and as the role that the jobs run as, whose sessions it sees.
security definer
set search_path = ''
begin atomic
    select
        job.job_name,
        job.schedule,
        job.expected_every,
        last.started_at,
        last.status,
        success.finished_at,
        last.rows_affected,
        last.error_sqlstate,
        last.error_message,
        trouble.failed_since,
        trouble.killed_since,
        case
            when last.job_run_id is not null
                and coalesce(success.finished_at, job.created_at) + 2 * job.expected_every < now()
            then coalesce(success.finished_at, job.created_at) + 2 * job.expected_every
        end,
        case when last.job_run_id is null and job.created_at + job.expected_every < now() then job.created_at end
    from private.jobs as job
    left join lateral (
        select run.* from private.job_runs as run
        where run.job_name = job.job_name and run.deleted_at is null
        order by run.started_at desc, run.job_run_id desc
        limit 1
    ) as last on true
    left join lateral (
        select max(run.finished_at) as finished_at from private.job_runs as run
        where run.job_name = job.job_name and run.deleted_at is null and run.status = 'succeeded'
    ) as success on true
    -- A success that ends later makes up for it: a run takes up whatever the one before it left.
    left join lateral (
        select
            min(run.finished_at) filter (where run.status = 'failed') as failed_since,
            min(run.updated_at) filter (
                where run.status = 'running'
                    and not exists (
                        select from pg_catalog.pg_stat_activity as session
                        where session.pid = run.backend_pid
                            -- Another session may have got the process id; one that idles has left the run.
                            -- Both are NULL for a superuser's session, which is taken for alive.
                            and coalesce(session.backend_start <= run.started_at, true)
                            and coalesce(session.state not like 'idle%', true)
                    )
            ) as killed_since
        from private.job_runs as run
        where run.job_name = job.job_name and run.deleted_at is null
            and (success.finished_at is null or coalesce(run.finished_at, run.updated_at) > success.finished_at)
    ) as trouble on true
    where job.deleted_at is null;
end;

create view public.job_health with (security_invoker = true) as
select * from private.job_states();

create function public.job_problems()
returns table (job_name text, problem text, since timestamptz)
language sql
stable
begin atomic
    select health.job_name, found.problem, found.since
    from public.job_health as health
    cross join lateral (values
        ('failed', health.failed_since),
        ('killed', health.killed_since),
        ('overdue', health.overdue_since),
        ('never_run', health.never_run_since)
    ) as found (problem, since)
    where found.since is not null
    order by found.since, health.job_name, found.problem;
end;

grant execute on function private.job_states() to service_role;
grant select on table public.job_health to service_role;
grant execute on function public.job_problems() to service_role;

comment on function private.job_states() is
    'The state of every job in service: its last run, and since when it fails, was killed, is overdue or never ran.';
comment on view public.job_health is
    'Every job in service with its last run. failed_since and killed_since: the first such end since the last success. '
    'overdue_since: no success for twice the interval of its schedule. never_run_since: no run for longer than that '
    'interval after it was registered.';
comment on function public.job_problems() is
    'A row for each failed, killed, overdue and never-run job: which, what and since when. No row: all is well.';
