-- As stable as declared; one that writes only to a table of its own, which is volatile.

create table public.notes (note_id uuid primary key, owner_id uuid);
create function public.me() returns uuid language sql stable set search_path = '' as $$ select auth.uid() $$;
create function public.add() returns void language sql set search_path = ''
as $$ insert into public.notes (note_id) values (gen_random_uuid()) $$;
create function public.size() returns bigint language sql stable set search_path = ''
as $$ select count(*) from public.notes where owner_id = public.me() $$;
create function public.slug(name text) returns text language sql immutable set search_path = ''
as $$ select lower(regexp_replace(format('%s', name), ' ', '-')) $$;
