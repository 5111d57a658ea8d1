-- Nobody is granted the table, so that no policy is missing; the other one has a policy.

create table public.internals (key text primary key);
alter table public.internals enable row level security;
revoke all on table public.internals from anon, authenticated;
create table public.notes (note_id uuid primary key);
alter table public.notes enable row level security;
create policy all_of_them on public.notes for select to anon using (true);
