-- What a failed build left is dropped first; without IF NOT EXISTS; a new table; not CONCURRENTLY.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
drop index concurrently if exists public.notes_status_idx;
create index concurrently if not exists notes_status_idx on public.notes (status);
-- new
create index concurrently notes_body_idx on public.notes (body);
-- new
create table private.n (id bigint);
create index if not exists n_id_idx on private.n (id);
