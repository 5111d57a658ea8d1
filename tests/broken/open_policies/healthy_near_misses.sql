-- True for reading, for the back end, without the grant, behind a restrictive policy, or with a condition for new rows.

create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
revoke delete on table public.notes from anon, authenticated;
create policy read on public.notes for select to anon, authenticated using (true);
create policy manage on public.notes to service_role using (true);
create policy remove on public.notes for delete using (true);
create policy change on public.notes for update using (true) with check (owner_id = (select auth.uid()));
create table public.drafts (draft_id uuid primary key, owner_id uuid);
alter table public.drafts enable row level security;
create policy all_of_them on public.drafts using (true);
create policy narrow on public.drafts as restrictive using (owner_id = (select auth.uid()));
