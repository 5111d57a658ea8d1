-- Default of a NOT NULL column dropped: inserts of clients that cannot set it fail.
-- finds: narrowed:public.orders:insert
-- finds: incompatible:default:public.orders.invoice_no
alter table public.orders alter column invoice_no drop default;
