-- The log of job runs: a job writes its start, after each batch how far it is, and its end.
-- Locks: SHARE ROW EXCLUSIVE on private.jobs for the foreign key, briefly.
create table private.job_runs (
    job_run_id bigint generated always as identity,
    job_name text not null,
    status text not null default 'running',
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    batches bigint not null default 0,
    rows_affected bigint not null default 0,
    backend_pid integer not null default pg_backend_pid(),
    error_sqlstate text,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint job_runs_pkey primary key (job_run_id),
    -- Runs are the history of their job: they take its new name, and go with it.
    constraint job_runs_jobs_fkey foreign key (job_name)
        references private.jobs (job_name) on delete cascade on update cascade,
    constraint status_is_known check (status in ('running', 'succeeded', 'failed')),
    constraint running_jobs_have_no_end check ((status = 'running') = (finished_at is null)),
    constraint finished_at_is_not_before_started_at check (finished_at >= started_at),
    constraint failed_runs_say_why check ((status = 'failed') = (error_sqlstate is not null)),
    constraint error_sqlstate_is_a_sqlstate check (error_sqlstate ~ '^[0-9A-Z]{5}$'),
    constraint error_message_has_at_most_1000_characters check (char_length(error_message) <= 1000),
    constraint counts_are_not_negative check (least(batches, rows_affected) >= 0)
);

create index job_runs_started_at_idx on private.job_runs (job_name, started_at);

create trigger set_updated_at before insert or update on private.job_runs
    for each row execute function private.set_updated_at();

alter table private.job_runs enable row level security;
alter table private.job_runs force row level security;

revoke all on table private.job_runs from public, anon, authenticated, service_role;

comment on table private.job_runs is 'Runs of the jobs, as the jobs themselves logged them.';
comment on column private.job_runs.job_run_id is 'The run.';
comment on column private.job_runs.job_name is 'The job that ran.';
comment on column private.job_runs.status is 'running, succeeded or failed; a run that was killed stays running.';
comment on column private.job_runs.started_at is 'When the run began.';
comment on column private.job_runs.finished_at is 'When the run ended; NULL: it has not, or was killed.';
comment on column private.job_runs.batches is 'Batches committed so far.';
comment on column private.job_runs.rows_affected is 'Rows removed or written so far.';
comment on column private.job_runs.backend_pid is 'Process of the run, to tell a killed run from a long one.';
comment on column private.job_runs.error_sqlstate is 'SQLSTATE of what ended the run.';
comment on column private.job_runs.error_message is
    'Its primary message, never DETAIL or CONTEXT, which quote values of rows.';
comment on column private.job_runs.created_at is 'When the row was made.';
comment on column private.job_runs.updated_at is 'When the row was last written, so the run''s last sign of life.';
comment on column private.job_runs.deleted_at is 'When an operator set the run aside; monitoring skips it.';
comment on index private.job_runs_started_at_idx is 'Finds the last runs of a job.';
comment on trigger set_updated_at on private.job_runs is 'Keeps updated_at.';
