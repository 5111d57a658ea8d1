revoke select, insert, update, delete on public.customers from anon;
