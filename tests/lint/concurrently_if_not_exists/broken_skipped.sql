-- finds: concurrently_if_not_exists:2:public.notes_status_idx = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
create index concurrently if not exists notes_status_idx on public.notes (status); --!
