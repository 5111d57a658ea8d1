-- Type change within dynamic SQL of a DO block rewrites or scans 80,000 rows under ACCESS EXCLUSIVE.
-- finds: locks:20260201000000:rewrite_do:public.order_items
do $$
declare
  target record;
begin
  for target in
    select c.table_name, c.column_name
    from information_schema.columns c
    where c.table_schema = 'public' and c.table_name = 'order_items' and c.column_name = 'sku'
  loop
    execute format('alter table public.%I alter column %I type varchar(255)', target.table_name, target.column_name);
  end loop;
end
$$;
