-- Whoever may call the function may put its own table before the one that it reads: in a schema of the path, or in pg_temp.
-- platform: plain
-- settings: schemas = ["public", "shadow"]
-- finds: definer_path:public.total() = error
-- finds: definer_path:public.pinned() = error

create schema shadow;
grant usage, create on schema shadow to pg_monitor;
create table public.notes (note_id int primary key);
grant select on table public.notes to pg_monitor;
create function public.total() returns bigint language sql security definer as $$ select count(*) from notes $$; --!
create function public.pinned() returns bigint language sql security definer set search_path = shadow, public, pg_temp --!
as $$ select count(*) from notes $$;
