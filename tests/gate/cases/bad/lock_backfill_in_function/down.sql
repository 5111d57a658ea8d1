alter table public.order_items drop column net_amount;
