-- Type change rewrites 80,000 rows under ACCESS EXCLUSIVE.
-- finds: locks:20260201000000:rewrite_alter_column_type:public.order_items
alter table public.order_items alter column discount type double precision;
