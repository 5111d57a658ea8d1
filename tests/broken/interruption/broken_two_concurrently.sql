-- The second index may fail, and then the first one is in the way of a second run.
-- platform: plain
-- finds: interruption:1:again = error

create table if not exists public.notes (note_id int, author text);
create index concurrently notes_note_id_idx on public.notes (note_id); --!
create index concurrently notes_author_idx on public.notes (author);
