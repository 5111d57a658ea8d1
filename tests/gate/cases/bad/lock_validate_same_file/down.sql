alter table public.orders drop constraint orders_invoice_no_check;
