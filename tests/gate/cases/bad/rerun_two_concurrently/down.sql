drop index public.order_items_created_idx;
drop index public.orders_currency_idx;
