-- What every job has in common: the boundary of its retention, and the run: batches that are committed one by one, each
-- with its log row, until a batch was the last one or failed.
-- A job is a procedure `private.<job>` that calls run_job, and a function `private.<job>_batch` that does one batch.
-- Neither has a SET clause nor SECURITY DEFINER: a procedure with either cannot COMMIT (manual, CREATE PROCEDURE).
-- Locks: none on any table.
create function private.retention_boundary(retention interval)
returns timestamptz
language plpgsql
stable
as $$
begin
    if retention is null or retention <= interval '0' then
        raise exception using
            errcode = 'SP903',
            message = pg_catalog.format('a job that removes rows has the retention %s', coalesce(retention::text, 'NULL')),
            hint = 'Set retention in private.jobs to a positive interval.';
    end if;
    -- In UTC, so that a day has 24 hours in whatever time zone the session is.
    return (now() at time zone 'UTC' - retention) at time zone 'UTC';
end
$$;

create procedure private.run_job(job_name text, batch_size integer default null)
language plpgsql
as $$
declare
    job private.jobs;
    run private.job_runs;
    affected bigint;
    is_last boolean;
    failure_sqlstate text;
    failure_message text;
begin
    select j.* into job from private.jobs as j where j.job_name = run_job.job_name and j.deleted_at is null;
    if not found then
        raise exception using
            errcode = 'SP901',
            message = pg_catalog.format('no job %L is in service', run_job.job_name),
            hint = 'Name one of private.jobs.';
    end if;
    job.batch_size := coalesce(run_job.batch_size, job.batch_size);
    if job.batch_size not between 1 and 100000 then
        raise exception using
            errcode = 'SP902',
            message = pg_catalog.format('a batch of %s rows', job.batch_size),
            hint = 'Give 1 to 100000, or NULL for what private.jobs says.';
    end if;
    insert into private.job_runs (job_name) values (job.job_name) returning * into run;
    commit;
    loop
        begin
            execute pg_catalog.format(
                'select b.affected, b.is_last from private.%I($1, $2) as b', job.job_name || '_batch'
            ) into affected, is_last using job, run;
            update private.job_runs as r set
                batches = r.batches + 1,
                rows_affected = r.rows_affected + affected,
                status = case when is_last then 'succeeded' else r.status end,
                finished_at = case when is_last then greatest(clock_timestamp(), r.started_at) end
            where r.job_run_id = run.job_run_id
            returning * into run;
        exception
            -- OTHERS leaves out a cancelled statement, which a timeout is too.
            when query_canceled or others then
                get stacked diagnostics
                    failure_sqlstate = returned_sqlstate,
                    failure_message = message_text;
        end;
        -- The block above can only catch: COMMIT is refused within it. Here the batch is rolled back already.
        if failure_sqlstate is not null then
            update private.job_runs as r set
                status = 'failed',
                finished_at = greatest(clock_timestamp(), r.started_at),
                error_sqlstate = failure_sqlstate,
                error_message = left(failure_message, 1000)
            where r.job_run_id = run.job_run_id;
            commit;
            -- So that the scheduler's own log says the same.
            raise exception using errcode = failure_sqlstate, message = failure_message;
        end if;
        commit;
        exit when is_last;
    end loop;
end
$$;

comment on function private.retention_boundary(interval) is
    'The instant before which a row is past its retention, counted back from now() in UTC; raises SP903 unless the '
    'retention is positive.';
comment on procedure private.run_job(text, integer) is
    'Runs a job of private.jobs in committed batches and logs it in private.job_runs; a batch that fails ends the run, '
    'is logged and raised again. Raises SP901 for a job that is not in service, SP902 for a batch size off 1 to 100000.';
