alter table public.order_items alter column sku type text;
