-- The job that removes audit entries older than two years, which the append-only triggers let go.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_audit_logs_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
begin
    delete from private.audit_logs as a where a.ctid = any (array(
        select d.ctid
        from private.audit_logs as d
        where d.occurred_at < boundary
        order by d.occurred_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    is_last := affected < job.batch_size;
end
$$;

create procedure private.purge_audit_logs(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_audit_logs', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_audit_logs', '50 3 * * *', '1 day', '2 years');

select cron.schedule('purge_audit_logs', '50 3 * * *', 'call private.purge_audit_logs()');

comment on function private.purge_audit_logs_batch(private.jobs, private.job_runs) is
    'One batch: removes audit entries older than the retention.';
comment on procedure private.purge_audit_logs(integer) is
    'Removes audit entries older than two years; see private.run_job.';
