-- A second run takes the INVALID index away before it builds it anew.
-- platform: plain

set lock_timeout = '5s';
create table if not exists public.notes (note_id int);
drop index concurrently if exists public.notes_note_id_idx;
create index concurrently notes_note_id_idx on public.notes (note_id);
