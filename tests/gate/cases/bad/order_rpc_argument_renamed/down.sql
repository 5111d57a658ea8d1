drop function public.order_count(uuid);
create function public.order_count(customer_id uuid) returns bigint
language sql stable
set search_path = ''
as $$ select count(*) from public.orders o where o.customer_id = order_count.customer_id $$;
revoke execute on function public.order_count(uuid) from public, anon;
