-- NOT VALID and VALIDATE in one transaction: the scan runs under the ACCESS EXCLUSIVE of the ADD.
-- finds: locks:20260201000000:scan_validate_constraint:public.orders
alter table public.orders add constraint orders_invoice_no_check check (invoice_no > -1) not valid;
alter table public.orders validate constraint orders_invoice_no_check;
