-- Settings: a signal that wakes the workers and knows of no row.
-- platform: plain

create role job_app nologin;
create schema job;
grant usage on schema job to job_app;
create table job.jobs (
    tenant_id uuid not null,
    job_id bigint generated always as identity,
    name text not null,
    primary key (tenant_id, job_id)
);
create function job.wake() returns void language sql set search_path = ''
as $$ select pg_catalog.pg_notify('workers', '') $$;
alter table job.jobs enable row level security;
alter table job.jobs force row level security;
grant select, insert on job.jobs to job_app;
create policy own on job.jobs to job_app using (tenant_id = nullif(current_setting('job.tenant_id', true), '')::uuid);
