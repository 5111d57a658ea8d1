alter table public.order_items drop column tax_rate;
