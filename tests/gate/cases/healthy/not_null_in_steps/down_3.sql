alter table public.orders add constraint orders_channel_not_null check (channel is not null);
alter table public.orders alter column channel drop not null;
