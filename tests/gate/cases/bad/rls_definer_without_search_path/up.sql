-- SECURITY DEFINER without search_path: who can create objects decides what it calls.
-- finds: definer_without_path:20260201000000:public.cancel_order(uuid)
create function public.cancel_order(order_id uuid) returns void
language plpgsql security definer
as $$
begin
  update orders o set status = 'cancelled'
  where o.id = cancel_order.order_id and o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid;
end
$$;
revoke execute on function public.cancel_order(uuid) from public, anon;
