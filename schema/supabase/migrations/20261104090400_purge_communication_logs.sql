-- The job that removes communication logs past their tenant's retention.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_communication_logs_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    logs constant tid[] := array(
        select o.ctid
        from public.tenants as t
        -- A tenant at a time, so that each is an index scan over nothing but what is past its boundary.
        cross join lateral (
            select d.ctid
            from public.communication_logs as d
            where d.tenant_id = t.tenant_id
                and d.created_at < private.retention_boundary(
                    pg_catalog.make_interval(days => t.communication_log_retention_days)
                )
            order by d.created_at
            limit job.batch_size
            for update skip locked
        ) as o
        limit job.batch_size
    );
    changed bigint;
begin
    -- Deliveries count: a message may have thousands. One that is being delivered holds back its message.
    delete from public.webhook_deliveries as w where w.ctid = any (array(
        select d.ctid
        from public.communication_logs as l
        join public.webhook_deliveries as d
            on d.tenant_id = l.tenant_id and d.communication_log_id = l.communication_log_id
        where l.ctid = any (logs)
        limit job.batch_size
        for update of d skip locked
    ));
    get diagnostics affected = row_count;
    delete from public.communication_logs as l where l.ctid = any (array(
        select o.ctid
        from public.communication_logs as o
        where o.ctid = any (logs) and not exists (
            select from public.webhook_deliveries as d
            where d.tenant_id = o.tenant_id and d.communication_log_id = o.communication_log_id
        )
        limit job.batch_size - affected
    ));
    get diagnostics changed = row_count;
    affected := affected + changed;
    is_last := affected = 0 or greatest(cardinality(logs), affected) < job.batch_size;
end
$$;

create procedure private.purge_communication_logs(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_communication_logs', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_communication_logs', '40 3 * * *', '1 day', null);

select cron.schedule('purge_communication_logs', '40 3 * * *', 'call private.purge_communication_logs()');

comment on function private.purge_communication_logs_batch(private.jobs, private.job_runs) is
    'One batch: removes logs past their tenant''s retention, deleted softly or not, with their webhook deliveries.';
comment on procedure private.purge_communication_logs(integer) is
    'Removes communication logs past their tenant''s retention; see private.run_job.';
