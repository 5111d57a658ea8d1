-- Pinned and qualified; pinned with pg_temp last; a body that was bound when it was made; the caller's rights.

create table public.notes (note_id uuid primary key);
create function public.a() returns bigint language sql security definer set search_path = ''
as $$ select count(*) from public.notes $$;
create function public.b() returns bigint language plpgsql security definer set search_path = public, pg_temp
as $$ begin create temporary table t as select 1; return (select count(*) from notes); end $$;
create function public.c() returns bigint language sql security definer return (select count(*) from public.notes);
create function public.d() returns bigint language sql as $$ select count(*) from notes $$;
