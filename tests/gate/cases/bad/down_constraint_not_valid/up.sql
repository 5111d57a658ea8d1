-- The check comes back NOT VALID.
-- finds: stairway:20260201000000:constraint:public.customers.customers_phone_check
alter table public.customers drop constraint customers_phone_check;
