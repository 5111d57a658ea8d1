-- What was switched off for an import is on again; one fires always.
-- platform: plain

create table public.notes (note_id int primary key);
create function public.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp();
alter table public.notes disable trigger all;
alter table public.notes enable trigger all;
alter table public.notes enable always trigger stamp;
