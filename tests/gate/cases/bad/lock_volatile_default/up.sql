-- Added column with a volatile default rewrites 50,000 rows under ACCESS EXCLUSIVE.
-- finds: locks:20260201000000:rewrite_add_column:public.orders
alter table public.orders add column public_token uuid not null default gen_random_uuid();
comment on column public.orders.public_token is 'For the link in the mail to the customer.';
