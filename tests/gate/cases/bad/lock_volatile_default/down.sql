alter table public.orders drop column public_token;
