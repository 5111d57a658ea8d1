drop view public.order_totals;
create view public.order_totals with (security_invoker = true) as
  select o.tenant_id, o.id as order_id, o.reference, o.status, o.total, coalesce(sum(i.amount), 0) as items_total,
    count(i.line) as lines
  from public.orders o
  left join public.order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
  group by o.tenant_id, o.id, o.reference, o.status, o.total;
comment on view public.order_totals is 'Each order with the sum of its items.';
revoke all on public.order_totals from anon, authenticated;
grant select on public.order_totals to authenticated;
