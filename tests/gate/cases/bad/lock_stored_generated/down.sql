alter table public.orders drop column total_cents;
