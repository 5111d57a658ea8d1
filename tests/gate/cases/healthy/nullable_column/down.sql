alter table public.orders drop column channel;
