-- One policy for each role and command; a restrictive one is joined by AND.

create table public.notes (note_id uuid primary key, owner_id uuid, shared boolean);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create policy shared on public.notes for select to anon using (shared);
create policy add on public.notes for insert to authenticated with check (owner_id = (select auth.uid()));
create policy narrow on public.notes as restrictive for select to authenticated using (note_id is not null);
