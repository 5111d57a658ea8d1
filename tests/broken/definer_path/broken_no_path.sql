-- Without a search_path: one that visitors may call, a trigger's, and one that nobody may call.
-- finds: definer_path:public.total() = warning
-- finds: definer_path:public.stamp() = warning
-- finds: definer_path:public.internal() = note

create table public.notes (note_id uuid primary key);
create function public.total() returns bigint language sql security definer as $$ select count(*) from notes $$; --!
create function public.stamp() returns trigger language plpgsql security definer --!
as $$ begin insert into notes (note_id) values (gen_random_uuid()); return new; end $$;
create function public.internal() returns bigint language sql security definer as $$ select count(*) from notes $$; --!
revoke execute on function public.internal() from public, anon, authenticated, service_role;
