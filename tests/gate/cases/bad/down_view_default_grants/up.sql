-- Down makes the view again and forgets to revoke the default privileges: anon has ALL on it.
-- finds: stairway:20260201000000:view:public.order_totals
create or replace view public.order_totals with (security_invoker = true) as
  select o.tenant_id, o.id as order_id, o.reference, o.status, o.total, coalesce(sum(i.amount), 0) as items_total,
    count(i.line) as lines, max(i.created_at) as last_item_at
  from public.orders o
  left join public.order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
  group by o.tenant_id, o.id, o.reference, o.status, o.total;
