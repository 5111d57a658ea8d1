-- An index begins with the column; a condition under OR, or between columns, could use none.

create table public.notes (note_id uuid primary key, owner_id uuid, author_id uuid, shared boolean);
create index on public.notes (owner_id, note_id);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create table public.drafts (draft_id uuid primary key, owner_id uuid, author_id uuid, shared boolean);
alter table public.drafts enable row level security;
create policy own on public.drafts using (shared or owner_id = (select auth.uid()));
create policy same on public.drafts as restrictive using (owner_id = author_id);
