-- Settings: the application role may SET ROLE to one that bypasses row-level security.
-- platform: plain
-- finds: escalation:sales_app:sales_reporting = error
-- also: role_escalation:sales_app:sales_reporting = error

create role sales_app nologin; --!
create role sales_reporting nologin bypassrls;
grant sales_reporting to sales_app;
create schema sales;
grant usage on schema sales to sales_app, sales_reporting;
create table sales.orders (
    tenant_id uuid not null,
    order_id bigint generated always as identity,
    buyer text not null,
    primary key (tenant_id, order_id)
);
alter table sales.orders enable row level security;
alter table sales.orders force row level security;
create policy own on sales.orders to sales_app
using (tenant_id = nullif(current_setting('sales.tenant_id', true), '')::uuid);
grant select on sales.orders to sales_app, sales_reporting;
