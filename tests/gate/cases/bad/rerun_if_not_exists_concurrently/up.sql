-- IF NOT EXISTS with CONCURRENTLY: an INVALID index left by a failed run is skipped for ever.
-- finds: interruption:20260201000000:invalid:public.order_items_created_idx
-- finds: concurrently_if_not_exists:20260201000000:public.order_items_created_idx
create index concurrently if not exists order_items_created_idx on public.order_items (tenant_id, created_at);
