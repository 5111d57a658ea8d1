-- Another one takes its place; the table goes.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.old (id bigint primary key);
alter table public.old enable row level security;
create policy p on public.old for select to authenticated using (id > 0);
-- new
drop policy select_own on public.notes;
create policy select_mine on public.notes for select to authenticated using (owner = (select auth.uid()) and status <> 'gone');
drop policy p on public.old;
drop table public.old;
