alter table public.orders drop constraint orders_total_sane_check;
