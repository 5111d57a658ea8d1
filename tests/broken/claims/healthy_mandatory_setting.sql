-- Settings: without the setting each statement fails (42704), and with an empty one nothing matches.
-- platform: plain

create role stock_app nologin;
create schema stock;
grant usage on schema stock to stock_app;
create table stock.items (
    tenant_id integer not null,
    item_id bigint generated always as identity,
    name text not null,
    primary key (tenant_id, item_id)
);
alter table stock.items enable row level security;
alter table stock.items force row level security;
grant select, insert, update, delete on stock.items to stock_app;
create policy own on stock.items to stock_app
using (tenant_id = nullif(current_setting('stock.tenant_id'), '')::integer);
