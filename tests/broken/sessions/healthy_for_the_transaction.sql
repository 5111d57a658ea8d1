-- Settings: stable helpers, and a tenant that is set for the transaction.
-- platform: plain

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create function app.tenant() returns uuid language sql stable
as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
create function app.enter(p_tenant_id uuid) returns void language sql
as $$ select set_config('app.tenant_id', p_tenant_id::text, true) $$;
create table app.subscriptions (
    tenant_id uuid not null,
    subscription_id bigint generated always as identity,
    plan text not null,
    primary key (tenant_id, subscription_id)
);
alter table app.subscriptions enable row level security;
alter table app.subscriptions force row level security;
grant select, insert on app.subscriptions to app_user;
create policy own on app.subscriptions to app_user using (tenant_id = app.tenant());
