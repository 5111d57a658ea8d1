-- SECURITY DEFINER with search_path, tenant filter and revokes.
create function public.cancel_order(order_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  update public.orders o
  set status = 'cancelled'
  where o.id = cancel_order.order_id
    and o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid
    and o.status in ('draft', 'placed');
end
$$;
comment on function public.cancel_order(uuid) is 'An order of the caller''s tenant that is not shipped yet is cancelled.';
revoke execute on function public.cancel_order(uuid) from public, anon;
