-- One refuses always; the other keeps a column and refuses nothing.

create table public.notes (note_id uuid primary key, at timestamptz);
create function public.refuse() returns trigger language plpgsql set search_path = ''
as $$ begin raise exception 'kept for ever'; end $$;
create trigger refuse before delete on public.notes for each row execute function public.refuse();
alter table public.notes enable always trigger refuse;
create function public.stamp() returns trigger language plpgsql set search_path = ''
as $$ begin raise notice 'changed'; new.at = now(); return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp();
