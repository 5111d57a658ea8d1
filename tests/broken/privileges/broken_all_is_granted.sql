-- Settings: ALL is granted, so that the application empties the tables of all tenants.
-- platform: plain
-- finds: privileges:lab.samples:lab_app = error

create role lab_app nologin;
create schema lab;
grant usage on schema lab to lab_app;
create table lab.samples (
    tenant_id uuid not null,
    sample_id bigint generated always as identity,
    material text not null,
    primary key (tenant_id, sample_id)
);
alter table lab.samples enable row level security;
alter table lab.samples force row level security;
create policy own on lab.samples to lab_app using (tenant_id = nullif(current_setting('lab.tenant_id', true), '')::uuid);
grant all on lab.samples to lab_app; --!
