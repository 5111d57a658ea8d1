-- The roles of requests are members of nothing that bypasses.

create table public.notes (note_id uuid primary key);
