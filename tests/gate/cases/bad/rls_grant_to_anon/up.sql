-- Privileges granted to anon.
-- finds: widened:privileges:public.customers:anon
grant select, insert, update, delete on public.customers to anon;
