-- A nullable column without default touches the catalogue only.
alter table public.orders add column channel text;
grant insert (channel), update (channel) on public.orders to authenticated;
