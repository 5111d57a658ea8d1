-- What clients call: views that ask as the caller, and functions.
create view public.order_totals with (security_invoker = true) as
  select o.tenant_id, o.id as order_id, o.reference, o.status, o.total, coalesce(sum(i.amount), 0) as items_total,
    count(i.line) as lines
  from public.orders o
  left join public.order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
  group by o.tenant_id, o.id, o.reference, o.status, o.total;
comment on view public.order_totals is 'Each order with the sum of its items.';

create view public.customer_overview with (security_invoker = true, security_barrier = true) as
  select c.tenant_id, c.id as customer_id, c.display_name, c.email, c.phone,
    (select count(*) from public.orders o where o.tenant_id = c.tenant_id and o.customer_id = c.id) as orders
  from public.customers c;

revoke all on public.order_totals, public.customer_overview from anon, authenticated;
grant select on public.order_totals, public.customer_overview to authenticated;

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

create function public.search_customers(query text) returns setof public.customers
language sql stable
set search_path = ''
as $$
  select c.* from public.customers c
  where c.display_key like lower(search_customers.query) || '%'
  order by c.display_key
  limit 50
$$;
revoke execute on function public.search_customers(text) from public, anon;

create function public.order_count(customer_id uuid) returns bigint
language sql stable
set search_path = ''
as $$ select count(*) from public.orders o where o.customer_id = order_count.customer_id $$;
revoke execute on function public.order_count(uuid) from public, anon;

create publication order_feed for table public.orders, public.notes with (publish = 'insert, update, delete');
