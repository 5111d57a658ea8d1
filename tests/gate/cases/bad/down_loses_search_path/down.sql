create or replace function public.place_order(order_id uuid) returns void
language plpgsql security definer
as $$
begin
  update public.orders o
  set status = 'placed', placed_at = now()
  where o.id = place_order.order_id
    and o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid
    and o.status = 'draft';
  if not found then
    raise exception 'no such draft' using errcode = 'P0002';
  end if;
end
$$;
