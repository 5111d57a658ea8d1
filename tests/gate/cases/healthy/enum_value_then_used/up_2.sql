create index concurrently orders_returned_idx on public.orders (tenant_id, placed_at) where status = 'returned';
