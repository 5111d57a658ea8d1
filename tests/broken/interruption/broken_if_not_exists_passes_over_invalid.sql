-- A build that was interrupted leaves an INVALID index, which IF NOT EXISTS passes over the next time.
-- platform: plain
-- finds: interruption:1:invalid:public.notes_note_id_idx = error

create table if not exists public.notes (note_id int);
create index concurrently if not exists notes_note_id_idx on public.notes (note_id); --!
