-- The path that ALTER FUNCTION had set is forgotten by CREATE OR REPLACE.
-- finds: definer_without_path:2:public.f() = error

-- before
create function public.f() returns integer language sql security definer as $$ select 1 $$;
alter function public.f() set search_path = '';
-- new
create or replace function public.f() returns integer language sql security definer as $$ select 2 $$; --!
