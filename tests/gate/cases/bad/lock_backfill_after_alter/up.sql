-- Backfill of 80,000 rows in the transaction of the ALTER: ACCESS EXCLUSIVE is held throughout.
-- finds: locks:20260201000000:backfill_update:public.order_items
alter table public.order_items add column list_price numeric(12, 4);
update public.order_items set list_price = unit_price;
comment on column public.order_items.list_price is 'The price before the discount.';
