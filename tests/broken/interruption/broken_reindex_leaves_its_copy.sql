-- An interrupted REINDEX CONCURRENTLY leaves its half-built copy, and the second run another one beside it.
-- platform: plain
-- finds: interruption:1:invalid:public.notes_note_id_idx_ccnew = warning

create table if not exists public.notes (note_id int);
create index if not exists notes_note_id_idx on public.notes (note_id);
reindex index concurrently public.notes_note_id_idx; --!
