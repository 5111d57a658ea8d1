alter table public.order_items alter column discount type real;
