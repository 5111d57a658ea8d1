-- The down fails: a type is dropped while the column that uses it is still there.
-- finds: stairway:20260201000000:fails
create type public.order_channel as enum ('web', 'shop');
alter table public.orders add column channel public.order_channel;
