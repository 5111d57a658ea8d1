-- Settings: only what row-level security governs, columns among it, and USAGE of a sequence.
-- platform: plain

create role lab_app nologin;
create role lab_owner nologin;
create schema lab;
grant usage on schema lab to lab_app;
create sequence lab.sample_no_seq;
create table lab.samples (
    tenant_id uuid not null,
    sample_no bigint not null default nextval('lab.sample_no_seq'),
    material text not null,
    primary key (tenant_id, sample_no)
);
alter table lab.samples enable row level security;
alter table lab.samples force row level security;
create policy own on lab.samples to lab_app using (tenant_id = nullif(current_setting('lab.tenant_id', true), '')::uuid);
grant select, insert, delete on lab.samples to lab_app;
grant update (material) on lab.samples to lab_app;
grant usage on sequence lab.sample_no_seq to lab_app;
