drop table public.order_items;
drop table public.orders;
drop type public.order_status;
