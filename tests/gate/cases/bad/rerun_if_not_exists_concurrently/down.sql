drop index concurrently if exists public.order_items_created_idx;
