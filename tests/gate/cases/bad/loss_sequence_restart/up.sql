-- The sequence is restarted: invoice numbers are given twice, the down does not set it back.
-- finds: data_loss:20260201000000:sequence:public.invoice_numbers
alter sequence public.invoice_numbers restart with 1;
comment on sequence public.invoice_numbers is 'Starts again each year.';
