-- The constraint may have to wait for a lock in vain, and then the index is in the way of a second run.
-- platform: plain
-- finds: interruption:1:again = error

create table if not exists public.notes (note_id int);
create unique index concurrently notes_note_id_key on public.notes (note_id); --!
alter table public.notes add constraint notes_note_id_key unique using index notes_note_id_key;
