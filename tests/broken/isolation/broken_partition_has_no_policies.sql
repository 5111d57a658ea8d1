-- Settings: the policies are the parent's, and a partition that is granted itself is addressed past them.
-- platform: plain
-- finds: isolation:app.events_2025:select = error

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create table app.events (
    tenant_id uuid not null,
    event_id bigint generated always as identity,
    happened_on date not null,
    what text not null,
    primary key (tenant_id, event_id, happened_on)
) partition by range (happened_on);
create table app.events_2025 partition of app.events for values from ('2025-01-01') to ('2026-01-01');
create table app.events_rest partition of app.events default;
alter table app.events enable row level security;
alter table app.events force row level security;
create policy own on app.events to app_user
using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on app.events to app_user;
grant select on app.events_2025 to app_user; --!
