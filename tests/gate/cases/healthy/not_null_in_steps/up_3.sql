alter table public.orders alter column channel set not null;
alter table public.orders drop constraint orders_channel_not_null;
