-- The trigger refuses, but not where replication's mode is set.
-- finds: replica_guards:public.refuse() = note

create table public.notes (note_id uuid primary key);
create function public.refuse() returns trigger language plpgsql set search_path = ''
as $$ begin raise exception 'kept for ever'; end $$;
create trigger refuse before delete on public.notes for each row execute function public.refuse(); --!
