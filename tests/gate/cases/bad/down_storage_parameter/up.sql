-- Down resets a storage parameter that base had at 90.
-- finds: stairway:20260201000000:table:public.orders
alter table public.orders set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
