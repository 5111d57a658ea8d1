alter table public.orders validate constraint orders_channel_not_null;
