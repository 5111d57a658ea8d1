-- The job that removes what the jobs themselves leave behind: their runs, in our log and in the scheduler's.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_job_runs_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    removed bigint;
begin
    delete from private.job_runs as r where r.ctid = any (array(
        select d.ctid
        from private.job_runs as d
        where d.started_at < boundary
            -- Monitoring and the statistics count from a job's last success, and what it has come to since.
            and d.job_run_id not in (
                select max(s.job_run_id) from private.job_runs as s group by s.job_name, s.status = 'succeeded'
            )
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    delete from cron.job_run_details as r where r.runid = any (array(
        select d.runid
        from cron.job_run_details as d
        -- A run that did not even start has an end only.
        where coalesce(d.end_time, d.start_time) < boundary
        limit job.batch_size - affected
    ));
    get diagnostics removed = row_count;
    affected := affected + removed;
    is_last := affected < job.batch_size;
end
$$;

create procedure private.purge_job_runs(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_job_runs', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_job_runs', '0 4 * * *', '1 day', '90 days');

select cron.schedule('purge_job_runs', '0 4 * * *', 'call private.purge_job_runs()');

comment on function private.purge_job_runs_batch(private.jobs, private.job_runs) is
    'One batch: removes runs older than the retention, but for the last success and the last other run of each job.';
comment on procedure private.purge_job_runs(integer) is
    'Removes runs of jobs older than 90 days; see private.run_job.';
