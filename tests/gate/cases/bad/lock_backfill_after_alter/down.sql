alter table public.order_items drop column list_price;
