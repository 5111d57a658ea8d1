alter table public.orders reset (fillfactor, autovacuum_vacuum_scale_factor);
