-- A stored generated column rewrites 50,000 rows under ACCESS EXCLUSIVE.
-- finds: locks:20260201000000:rewrite_add_column:public.orders
alter table public.orders add column total_cents bigint generated always as ((total * 100)::bigint) stored;
