drop function public.place_order(uuid);
create function public.place_order(order_id uuid) returns void
language plpgsql security definer
set search_path = ''
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
comment on function public.place_order(uuid) is 'A draft of the caller''s tenant becomes an order.';
revoke execute on function public.place_order(uuid) from public, anon;
