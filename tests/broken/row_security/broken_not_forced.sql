-- Not forced, on an owner whom it would not stop: one note for all tables.
-- finds: row_security:postgres:force = note

create table public.notes (note_id uuid primary key);
alter table public.notes enable row level security;
create table public.drafts (draft_id uuid primary key);
alter table public.drafts enable row level security;
alter table public.drafts force row level security;
create table public.letters (letter_id uuid primary key); --!
alter table public.letters enable row level security;
