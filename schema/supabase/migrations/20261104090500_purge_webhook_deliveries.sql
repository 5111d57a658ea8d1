-- The job that removes webhook deliveries that are delivered or spent for more than 7 days.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_webhook_deliveries_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
begin
    -- Only a finished delivery has finished_at, so one that is still to be tried stays however old it is.
    delete from public.webhook_deliveries as w where w.ctid = any (array(
        select d.ctid
        from public.webhook_deliveries as d
        where d.finished_at < boundary
        order by d.finished_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    is_last := affected < job.batch_size;
end
$$;

create procedure private.purge_webhook_deliveries(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_webhook_deliveries', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_webhook_deliveries', '20 * * * *', '1 hour', '7 days');

select cron.schedule('purge_webhook_deliveries', '20 * * * *', 'call private.purge_webhook_deliveries()');

comment on function private.purge_webhook_deliveries_batch(private.jobs, private.job_runs) is
    'One batch: removes deliveries finished for longer than the retention, with their attempts.';
comment on procedure private.purge_webhook_deliveries(integer) is
    'Removes webhook deliveries that are delivered or spent for more than 7 days; see private.run_job.';
