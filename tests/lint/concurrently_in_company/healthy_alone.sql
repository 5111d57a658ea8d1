-- Alone but for settings, and the DROP of what a failed build left.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
set lock_timeout = '5s';
drop index concurrently if exists public.a_idx;
create index concurrently a_idx on public.notes (status);
comment on index public.a_idx is 'by state';
-- new
alter table public.notes add column kind text;
create index b_idx on public.notes (kind);
