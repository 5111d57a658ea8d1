alter table public.orders add column note text;
grant insert (note), update (note) on public.orders to authenticated;
