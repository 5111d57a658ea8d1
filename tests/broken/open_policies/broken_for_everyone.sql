-- A policy that was meant for the back end is for everyone; others let every login delete, and a visitor add.
-- finds: open_policies:public.notes."Service role manages" = error
-- finds: open_policies:public.drafts.remove = warning
-- finds: open_policies:public.contacts.add = note

create table public.notes (note_id uuid primary key);
alter table public.notes enable row level security;
create policy "Service role manages" on public.notes using (true); --!
create table public.drafts (draft_id uuid primary key);
alter table public.drafts enable row level security;
create policy remove on public.drafts for delete to authenticated using (true); --!
create table public.contacts (contact_id uuid primary key);
alter table public.contacts enable row level security;
create policy add on public.contacts for insert to anon with check (true); --!
