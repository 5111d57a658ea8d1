-- finds: definer_without_path:1:public.f(integer) = error

-- new
create function public.f(n integer) returns integer language sql security definer as $$ select n $$; --!
