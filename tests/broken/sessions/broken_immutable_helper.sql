-- Settings: the policy's helper is declared immutable, and a kept plan has the first tenant's key in it.
-- platform: plain
-- finds: sessions:app.subscriptions:prepared = error
-- also: volatility:app.tenant() = error

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create function app.tenant() returns uuid language sql immutable
as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
create table app.subscriptions (
    tenant_id uuid not null,
    subscription_id bigint generated always as identity,
    plan text not null,
    primary key (tenant_id, subscription_id)
);
alter table app.subscriptions enable row level security;
alter table app.subscriptions force row level security;
grant select, insert on app.subscriptions to app_user;
create policy own on app.subscriptions to app_user using (tenant_id = app.tenant()); --!
