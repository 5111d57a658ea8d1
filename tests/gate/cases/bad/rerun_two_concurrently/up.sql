-- Two CONCURRENTLY in one file: after a failure of the second the first is there and the file not in the ledger.
-- finds: interruption:20260201000000:again
create index concurrently order_items_created_idx on public.order_items (tenant_id, created_at);
create index concurrently orders_currency_idx on public.orders (tenant_id, currency);
