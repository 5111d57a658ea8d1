-- All was granted by the platform's default privileges: one note a role.
-- finds: dead_grants:anon = note
-- finds: dead_grants:authenticated = note

create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create table public.drafts (draft_id uuid primary key, owner_id uuid);
alter table public.drafts enable row level security;
create policy own on public.drafts to authenticated using (owner_id = (select auth.uid()));
