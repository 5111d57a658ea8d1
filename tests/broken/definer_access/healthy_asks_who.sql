-- Each asks who calls, through another function too; is not the visitors'; is a trigger's; or touches no table.

create table public.notes (note_id uuid primary key, owner_id uuid);
create function public.me() returns uuid language sql stable set search_path = '' as $$ select auth.uid() $$;
create function public.mine() returns setof public.notes language sql security definer set search_path = ''
as $$ select * from public.notes where owner_id = public.me() $$;
create function public.all_of_them() returns setof public.notes language sql security definer set search_path = ''
as $$ select * from public.notes $$;
revoke execute on function public.all_of_them() from public, anon;
create function public.stamp() returns trigger language plpgsql security definer set search_path = ''
as $$ begin delete from public.notes; return null; end $$;
create function public.hello() returns text language sql security definer set search_path = '' as $$ select 'hello' $$;
create function public.open() returns setof public.notes language sql set search_path = ''
as $$ select * from public.notes $$;
