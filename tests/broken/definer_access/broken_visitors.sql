-- A visitor reads and writes through functions that never ask who calls; one of them asks for an argument first.
-- finds: definer_access:public.everything() = warning
-- finds: definer_access:public.clear(uuid) = warning
-- finds: definer_access:public.one(uuid) = note

create table public.notes (note_id uuid primary key, body text);
create function public.everything() returns setof public.notes language sql security definer set search_path = '' --!
as $$ select * from public.notes $$;
create function public.clear(id uuid) returns void language plpgsql security definer set search_path = '' --!
as $$ begin delete from public.notes where note_id = id; end $$;
create function public.one(id uuid) returns text language sql security definer set search_path = '' --!
as $$ select body from public.notes where note_id = id $$;
