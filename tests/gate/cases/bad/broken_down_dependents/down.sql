drop type public.order_channel;
alter table public.orders drop column channel;
