-- One index doubles another, one doubles a unique constraint, one is the beginning of another.
-- platform: plain
-- finds: redundant_indexes:public.notes_again_idx = warning
-- finds: redundant_indexes:public.notes_slug_idx = warning
-- finds: redundant_indexes:public.notes_owner_idx = note

create table public.notes (note_id int primary key, owner_id int, written_at timestamptz, slug text unique);
create index notes_owner_written_idx on public.notes (owner_id, written_at);
create index notes_again_idx on public.notes (owner_id, written_at); --!
create index notes_slug_idx on public.notes (slug); --!
create index notes_owner_idx on public.notes (owner_id); --!
