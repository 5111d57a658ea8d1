-- Settings: the application role is a member of a group without rights of its own; a bypassing role is a member of it.
-- platform: plain

create role sales_staff nologin;
create role sales_app nologin in role sales_staff;
create role sales_reporting nologin bypassrls in role sales_app;
create schema sales;
grant usage on schema sales to sales_staff;
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
grant select, insert on sales.orders to sales_app;
