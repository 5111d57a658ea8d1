alter table public.orders alter column invoice_no set default nextval('public.invoice_numbers');
