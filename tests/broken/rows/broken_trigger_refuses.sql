-- Settings: a trigger refuses every row.
-- platform: plain
-- finds: rows:app.entries = warning

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create table app.entries ( --!
    tenant_id uuid not null,
    entry_id bigint generated always as identity,
    body text not null,
    primary key (tenant_id, entry_id)
);
create function app.refuse() returns trigger language plpgsql set search_path = ''
as $$ begin raise exception 'entries are written by the import alone' using errcode = 'P0001'; end $$;
create trigger refuse before insert on app.entries for each row execute function app.refuse();
alter table app.entries enable always trigger refuse;
alter table app.entries enable row level security;
alter table app.entries force row level security;
grant select on app.entries to app_user;
create policy own on app.entries to app_user using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
