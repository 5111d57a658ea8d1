-- Check NOT VALID, VALIDATE in the next file (readers and writers go on), SET NOT NULL in the third (no scan, the check proves it).
alter table public.orders add column channel text default 'web';
alter table public.orders add constraint orders_channel_not_null check (channel is not null) not valid;
