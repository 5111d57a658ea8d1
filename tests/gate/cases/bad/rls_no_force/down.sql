alter table public.customers force row level security;
