-- finds: still_used:2:dropped:public.inner = error

-- before
create function public.inner(n integer) returns integer language sql as $$ select n $$;
create function public.outer() returns integer language sql as $$ select public.inner(1) $$;
-- new
drop function public.inner(integer); --!
