-- SECURITY DEFINER function dropped and made again: the revoke from public and anon is lost.
-- finds: widened:privileges:public.place_order(uuid):anon
drop function public.place_order(uuid);
create function public.place_order(order_id uuid) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  update public.orders o
  set status = 'placed', placed_at = now()
  where o.id = place_order.order_id
    and o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid
    and o.status = 'draft';
  return found;
end
$$;
comment on function public.place_order(uuid) is 'A draft of the caller''s tenant becomes an order.';
