-- A procedure that commits is called in the migration: refused within the runner's transaction.
-- finds: interruption:20260201000000:again
alter table public.order_items add column list_price numeric(12, 4);
create procedure private.backfill_item_price()
language plpgsql
as $$
declare
  n bigint;
begin
  loop
    update public.order_items set list_price = unit_price
    where ctid = any (array(select ctid from public.order_items where list_price is null limit 5000));
    get diagnostics n = row_count;
    commit;
    exit when n = 0;
  end loop;
end
$$;
call private.backfill_item_price();
drop procedure private.backfill_item_price();
