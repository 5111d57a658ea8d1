-- Settings: whoever sets the tenant can set the other one as well, so that it is a warning.
-- platform: plain
-- finds: back_doors:shop.support = on = warning

create role shop_app nologin;
create schema shop;
grant usage on schema shop to shop_app;
create table shop.orders (
    tenant_id uuid not null,
    order_id bigint generated always as identity,
    buyer text not null,
    primary key (tenant_id, order_id)
);
alter table shop.orders enable row level security;
alter table shop.orders force row level security;
grant select, insert on shop.orders to shop_app;
create policy own on shop.orders to shop_app --!
using (
    tenant_id = nullif(current_setting('shop.tenant_id', true), '')::uuid or current_setting('shop.support', true) = 'on'
);
