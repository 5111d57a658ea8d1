-- The job that counts the usage of the days since its last success and the seven before, a day a batch; and from the day
-- on of any older webhook delivery that has come to its end since.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.refresh_usage_statistics_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    today constant date := (now() at time zone 'UTC')::date;
    last_success constant timestamptz := (
        select max(r.started_at) from private.job_runs as r
        where r.job_name = job.job_name and r.status = 'succeeded' and r.job_run_id < run.job_run_id
    );
    -- The day of the last success was not over then, and a message of the week before may have come to its end since. A
    -- delivery's retries may take longer than that. Without a success, from the oldest row on.
    first_day constant date := coalesce(
        least(
            last_success - interval '7 days',
            (
                select min(d.created_at) from public.webhook_deliveries as d
                -- An hour more, for what ended before that run but was committed after it. Not what ends during this
                -- run: its first day would move on from batch to batch.
                where d.finished_at >= last_success - interval '1 hour' and d.finished_at < run.started_at
            )
        ),
        least(
            (select min(l.created_at) from public.communication_logs as l),
            (select min(v.created_at) from public.whatsapp_verifications as v),
            (select min(d.created_at) from public.webhook_deliveries as d)
        ),
        now()
    ) at time zone 'UTC';
    counted_day constant date := first_day + run.batches::integer;
begin
    -- Two runs at once would write the same rows: the second one waits for the first one's batch.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('private.refresh_usage_statistics', 0));
    affected := private.refresh_usage(least(counted_day, today), least(counted_day, today));
    is_last := counted_day >= today;
end
$$;

create procedure private.refresh_usage_statistics(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('refresh_usage_statistics', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('refresh_usage_statistics', '5 * * * *', '1 hour', null);

select cron.schedule('refresh_usage_statistics', '5 * * * *', 'call private.refresh_usage_statistics()');

comment on function private.refresh_usage_statistics_batch(private.jobs, private.job_runs) is
    'One batch: counts the next day, from seven before that of the last success, or that of the oldest delivery that '
    'has come to its end since, up to today, in UTC.';
comment on procedure private.refresh_usage_statistics(integer) is
    'Counts the usage of the days since the last success and the seven before, and from the day on of a webhook '
    'delivery that has come to its end since; a batch is a day, see private.run_job.';
