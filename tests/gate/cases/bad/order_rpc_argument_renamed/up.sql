-- Argument of a function that clients call by name renamed.
-- finds: incompatible:arguments:public.order_count(uuid)
drop function public.order_count(uuid);
create function public.order_count(client uuid) returns bigint
language sql stable
set search_path = ''
as $$ select count(*) from public.orders o where o.customer_id = order_count.client $$;
revoke execute on function public.order_count(uuid) from public, anon;
