-- Settings: lines hang on an order by its number alone.
-- platform: plain
-- finds: references:shop.lines:lines_order_id_fkey = error

create role shop_app nologin;
create schema shop;
grant usage on schema shop to shop_app;
create table shop.orders (tenant_id integer not null, order_id integer primary key, buyer text not null);
create table shop.lines (
    tenant_id integer not null,
    line_id integer primary key,
    order_id integer not null references shop.orders on delete cascade --!
);
create index on shop.lines (order_id);
alter table shop.orders enable row level security;
alter table shop.orders force row level security;
alter table shop.lines enable row level security;
alter table shop.lines force row level security;
grant select, insert on shop.orders, shop.lines to shop_app;
create policy own on shop.orders to shop_app
using (tenant_id = nullif(current_setting('shop.tenant_id', true), '')::integer);
create policy own on shop.lines to shop_app
using (tenant_id = nullif(current_setting('shop.tenant_id', true), '')::integer);
