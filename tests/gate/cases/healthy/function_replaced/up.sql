-- Same signature, same attributes; the down restores the body to the letter.
create or replace function public.order_count(customer_id uuid) returns bigint
language sql stable
set search_path = ''
as $$
  select count(*) from public.orders o
  where o.customer_id = order_count.customer_id and o.status <> 'cancelled'
$$;
