-- Settings: a view filters by the tenant itself, and a cheap function of the caller's is evaluated before its condition.
-- platform: plain
-- finds: views:records.my_letters:read = error

create role records_app nologin;
create schema records;
grant usage on schema records to records_app;
create table records.letters (
    tenant_id uuid not null,
    letter_id bigint generated always as identity,
    body text not null,
    primary key (tenant_id, letter_id)
);
alter table records.letters enable row level security;
alter table records.letters force row level security;
create policy own on records.letters to records_app
using (tenant_id = nullif(current_setting('records.tenant_id', true), '')::uuid);
create view records.my_letters as --!
select letter_id, body from records.letters
where tenant_id = nullif(current_setting('records.tenant_id', true), '')::uuid;
grant select on records.my_letters to records_app;
