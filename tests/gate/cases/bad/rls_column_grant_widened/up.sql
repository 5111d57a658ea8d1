-- Column grants widened to the whole table: clients may set total and status.
-- finds: widened:privileges:public.orders:authenticated
grant update on public.orders to authenticated;
