drop index public.order_items_created_at_idx;
