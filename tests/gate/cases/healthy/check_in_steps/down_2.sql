alter table public.orders drop constraint orders_total_sane_check;
alter table public.orders add constraint orders_total_sane_check check (total < 1000000000) not valid;
