-- Index built without CONCURRENTLY on 80,000 rows: writes wait.
-- finds: locks:20260201000000:build_create_index:public.order_items
create index order_items_created_at_idx on public.order_items (tenant_id, created_at);
