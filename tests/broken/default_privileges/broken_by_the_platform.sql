-- What the platform and PostgreSQL open is a note.
-- finds: default_privileges:public = note

create table public.notes (note_id uuid primary key);
