-- Rows committed before the statement that fails are there twice after a second run.
-- platform: plain
-- finds: interruption:1:twice:public.notes = error

create table if not exists public.notes (note_id int);
insert into public.notes values (1);
drop index concurrently if exists public.notes_note_id_idx; --!
create index concurrently notes_note_id_idx on public.notes (note_id);
