alter table public.customers add column metadata jsonb not null default '{}'::jsonb;
grant insert (metadata), update (metadata) on public.customers to authenticated;
