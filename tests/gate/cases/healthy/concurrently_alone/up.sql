-- One CONCURRENTLY in a file of its own, up and down.
create index concurrently order_items_created_idx on public.order_items (tenant_id, created_at);
