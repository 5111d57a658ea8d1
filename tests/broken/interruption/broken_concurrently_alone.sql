-- The form that every guide gives: the second run says loudly that the INVALID index is there, so it is a warning.
-- platform: plain
-- finds: interruption:1:again = warning

create table if not exists public.notes (note_id int);
create index concurrently notes_note_id_idx on public.notes (note_id); --!
