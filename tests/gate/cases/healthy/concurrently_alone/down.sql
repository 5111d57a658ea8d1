drop index concurrently public.order_items_created_idx;
