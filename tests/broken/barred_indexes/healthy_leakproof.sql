-- Equality of texts, times and ids is leakproof; what is public has no policy that must run first.

create table public.notes (note_id uuid primary key, owner_id uuid, at timestamptz, title text, body jsonb);
create index on public.notes (owner_id, at);
create index on public.notes (title);
create index on public.notes (owner_id, lower(title));
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create table public.pages (page_id uuid primary key, body jsonb);
create index on public.pages using gin (body);
alter table public.pages enable row level security;
create policy read on public.pages for select to anon, authenticated using (true);
