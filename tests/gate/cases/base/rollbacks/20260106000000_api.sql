drop publication order_feed;
drop function public.order_count(uuid);
drop function public.search_customers(text);
drop function public.place_order(uuid);
drop view public.customer_overview;
drop view public.order_totals;
