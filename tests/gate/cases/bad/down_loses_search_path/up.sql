-- Down restores the SECURITY DEFINER function without SET search_path.
-- finds: stairway:20260201000000:function:public.place_order(uuid)
create or replace function public.place_order(order_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  update public.orders o
  set status = 'placed', placed_at = now()
  where o.id = place_order.order_id
    and o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid
    and o.status = 'draft' and o.total > 0;
  if not found then
    raise exception 'no such draft' using errcode = 'P0002';
  end if;
end
$$;
