-- Backfill hidden in a function that is called in the transaction of the ALTER.
-- finds: locks:20260201000000:backfill_select:public.order_items
alter table public.order_items add column net_amount numeric(14, 4);

create function private.fill_net_amount() returns bigint
language plpgsql
set search_path = ''
as $$
declare
  n bigint;
begin
  update public.order_items i
  set net_amount = round((i.quantity * i.unit_price * (1 - i.discount))::numeric, 4)
  where i.net_amount is null;
  get diagnostics n = row_count;
  return n;
end
$$;
select private.fill_net_amount();
drop function private.fill_net_amount();
