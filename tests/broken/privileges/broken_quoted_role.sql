-- Settings: ALL is granted to a role whose name needs quotes.
-- platform: plain
-- finds: privileges:lab.samples:Lab App = error

create role "Lab App" nologin;
create schema lab;
grant usage on schema lab to "Lab App";
create table lab.samples (
    tenant_id uuid not null,
    sample_id bigint generated always as identity,
    material text not null,
    primary key (tenant_id, sample_id)
);
alter table lab.samples enable row level security;
alter table lab.samples force row level security;
create policy own on lab.samples to "Lab App" using (tenant_id = nullif(current_setting('lab.tenant_id', true), '')::uuid);
grant all on lab.samples to "Lab App"; --!
