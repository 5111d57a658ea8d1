-- The cleanup jobs that there are to be: what monitoring compares the runs with, so that a job that never ran is seen.
-- Locks: none on any table that exists.
create table private.jobs (
    job_name text not null,
    schedule text not null,
    expected_every interval not null,
    retention interval,
    batch_size integer not null default 10000,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint jobs_pkey primary key (job_name),
    constraint job_name_is_an_identifier check (job_name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint schedule_has_1_to_100_characters check (char_length(schedule) between 1 and 100),
    constraint expected_every_is_positive check (expected_every > interval '0'),
    constraint retention_is_positive check (retention > interval '0'),
    constraint batch_size_is_1_to_100000 check (batch_size between 1 and 100000)
);

create trigger set_updated_at before insert or update on private.jobs
    for each row execute function private.set_updated_at();

alter table private.jobs enable row level security;
alter table private.jobs force row level security;

revoke all on table private.jobs from public, anon, authenticated, service_role;

comment on table private.jobs is 'Scheduled jobs, with what each keeps and how often it is to run.';
comment on column private.jobs.job_name is 'Name of the job, the same in cron.job.';
comment on column private.jobs.schedule is 'The cron expression that it is scheduled with.';
comment on column private.jobs.expected_every is
    'The interval of its schedule; a job without a success for twice as long is overdue.';
comment on column private.jobs.retention is 'How long the job keeps rows; NULL: it removes none, or each tenant says.';
comment on column private.jobs.batch_size is 'Rows that the job removes or writes between two commits.';
comment on column private.jobs.created_at is 'When the job was registered.';
comment on column private.jobs.updated_at is 'When the row was last written; kept by a trigger.';
comment on column private.jobs.deleted_at is
    'When the job was withdrawn from service and monitoring; NULL: in service.';
comment on trigger set_updated_at on private.jobs is 'Keeps updated_at.';
