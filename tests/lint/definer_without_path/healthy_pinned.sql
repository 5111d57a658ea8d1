-- A path of its own, at once or by ALTER FUNCTION; its caller's rights; a bound body.

-- new
create function public.f() returns integer language sql security definer set search_path = '' as $$ select 1 $$;
create function public.g() returns integer language sql as $$ select 1 $$;
create function public.h() returns integer language sql security definer as $$ select 1 $$;
alter function public.h() set search_path to '';
create function public.i() returns integer language sql security definer return 1;
