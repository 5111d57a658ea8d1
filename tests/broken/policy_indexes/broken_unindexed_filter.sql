-- The policies filter by columns that no index begins with.
-- finds: policy_indexes:public.notes.owner_id = note
-- finds: policy_indexes:public.drafts.team_id = note

create table public.members (team_id uuid, user_id uuid, primary key (team_id, user_id));
create table public.notes (note_id uuid primary key, owner_id uuid, at timestamptz);
create index on public.notes (at, owner_id);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create policy change on public.notes for update to authenticated --!
    using (at > now() and (select auth.uid()) = owner_id);
create table public.drafts (draft_id uuid primary key, team_id uuid);
alter table public.drafts enable row level security;
create policy team on public.drafts --!
    using (team_id in (select team_id from public.members where user_id = (select auth.uid())));
