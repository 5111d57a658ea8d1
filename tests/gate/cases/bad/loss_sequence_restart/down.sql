comment on sequence public.invoice_numbers is null;
