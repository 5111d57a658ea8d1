-- Settings: a trigger sends the row on one channel for all tenants.
-- platform: plain
-- finds: side_channels:kitchen.announce() = note

create role kitchen_app nologin;
create schema kitchen;
grant usage on schema kitchen to kitchen_app;
create table kitchen.orders (
    tenant_id uuid not null,
    order_id bigint generated always as identity,
    dish text not null,
    primary key (tenant_id, order_id)
);
create function kitchen.announce() returns trigger language plpgsql set search_path = '' --!
as $$
begin
    perform pg_notify('orders', to_jsonb(new)::text);
    return new;
end
$$;
create trigger announce after insert on kitchen.orders for each row execute function kitchen.announce();
alter table kitchen.orders enable row level security;
alter table kitchen.orders force row level security;
grant select, insert on kitchen.orders to kitchen_app;
create policy own on kitchen.orders to kitchen_app
using (tenant_id = nullif(current_setting('kitchen.tenant_id', true), '')::uuid);
