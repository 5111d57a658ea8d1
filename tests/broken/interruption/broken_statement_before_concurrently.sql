-- The table stays when the index fails.
-- platform: plain
-- finds: interruption:1:again = error

create table public.notes (note_id int); --!
drop index concurrently if exists public.notes_note_id_idx;
create index concurrently notes_note_id_idx on public.notes (note_id);
