alter table public.orders drop constraint orders_channel_not_null;
alter table public.orders add constraint orders_channel_not_null check (channel is not null) not valid;
