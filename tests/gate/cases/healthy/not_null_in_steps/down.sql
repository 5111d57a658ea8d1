alter table public.orders drop constraint orders_channel_not_null;
alter table public.orders drop column channel;
