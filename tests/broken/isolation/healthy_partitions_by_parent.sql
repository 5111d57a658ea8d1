-- Settings: partitions without policies that nobody is granted, a domain as key, and policies that are ANDed.
-- platform: plain

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create domain app.tenant_key as text check (value ~ '^t-[0-9]{4}$');
create table app.events (
    tenant app.tenant_key not null,
    event_id bigint generated always as identity,
    happened_on date not null,
    what text not null,
    primary key (tenant, event_id, happened_on)
) partition by range (happened_on);
create table app.events_2025 partition of app.events for values from ('2025-01-01') to ('2026-01-01');
create table app.events_rest partition of app.events default;
alter table app.events enable row level security;
alter table app.events force row level security;
create policy everybody on app.events to app_user using (true);
create policy own on app.events as restrictive to app_user
using (tenant = nullif(current_setting('app.tenant', true), ''));
grant select, insert on app.events to app_user;
