alter table public.orders alter column invoice_no set default nextval('public.invoice_numbers');
drop trigger orders_number on public.orders;
drop function private.number_invoice();
