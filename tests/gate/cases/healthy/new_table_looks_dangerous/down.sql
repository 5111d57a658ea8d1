drop table public.price_lists;
