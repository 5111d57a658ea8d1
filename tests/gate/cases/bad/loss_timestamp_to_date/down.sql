alter table public.orders alter column placed_at type timestamptz using placed_at::timestamptz;
