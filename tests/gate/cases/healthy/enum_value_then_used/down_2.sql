drop index concurrently public.orders_returned_idx;
