-- The path is pinned, but temporary tables are searched before it: one note for all such functions.
-- finds: definer_path:pg_temp = note

create table public.notes (note_id uuid primary key);
create function public.first() returns bigint language sql security definer set search_path = public --!
as $$ select count(*) from notes $$;
create function public.second() returns bigint language sql security definer set search_path = public
as $$ select count(*) from notes $$;
