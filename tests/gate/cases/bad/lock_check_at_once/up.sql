-- Check validated at once: 50,000 rows scanned under ACCESS EXCLUSIVE.
-- finds: locks:20260201000000:scan_add_check:public.orders
alter table public.orders add constraint orders_total_sane_check check (total < 1000000000);
