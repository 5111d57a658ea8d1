-- The job that stores which codes are expired and removes those expired for more than 24 hours.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_verifications_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    expired bigint;
begin
    -- In every job that removes rows of ours: what another run or a request has locked is left to the next run, so two
    -- runs share the work and nobody waits. The rows are locked before they are removed, so their ctid stays what it is.
    delete from public.whatsapp_verifications as v where v.ctid = any (array(
        select d.ctid
        from public.whatsapp_verifications as d
        where d.expires_at < boundary
        order by d.expires_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    update public.whatsapp_verifications as v set status = 'expired' where v.ctid = any (array(
        select d.ctid
        from public.whatsapp_verifications as d
        where d.status = 'pending' and d.expires_at <= now()
        order by d.expires_at
        limit job.batch_size - affected
        for update skip locked
    ));
    get diagnostics expired = row_count;
    affected := affected + expired;
    is_last := affected < job.batch_size;
end
$$;

create procedure private.purge_verifications(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_verifications', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_verifications', '*/15 * * * *', '15 minutes', '24 hours');

select cron.schedule('purge_verifications', '*/15 * * * *', 'call private.purge_verifications()');

comment on function private.purge_verifications_batch(private.jobs, private.job_runs) is
    'One batch: removes codes expired for longer than the retention, then stores as expired what is past its time.';
comment on procedure private.purge_verifications(integer) is
    'Stores which codes are expired and removes those expired for more than 24 hours; see private.run_job.';
