-- On a plain server one table is guarded; the other is a list that the application may read and extend.
-- platform: plain

create table public.notes (note_id int primary key);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create table public.countries (code text primary key);
alter table public.countries enable row level security;
alter table public.countries force row level security;
