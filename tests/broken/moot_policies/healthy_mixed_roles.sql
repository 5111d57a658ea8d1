-- The policy is for a login too.

create table public.notes (note_id uuid primary key);
alter table public.notes enable row level security;
create policy read on public.notes for select to service_role, authenticated using (true);
