alter table public.customers add constraint customers_phone_check check (length(phone) between 5 and 24) not valid;
