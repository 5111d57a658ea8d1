-- Timestamptz to date and back: the time of day is lost.
-- finds: data_loss:20260201000000:lost:public.orders.placed_at
-- finds: locks:20260201000000:rewrite_alter_column_type:public.orders
alter table public.orders alter column placed_at type date using placed_at::date;
