-- Off for a while, within one migration; a table that never had it; one that goes.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table private.lists (id bigint primary key);
create table public.old (id bigint primary key);
alter table public.old enable row level security;
-- new
alter table public.notes disable row level security;
update public.notes set status = 'open' where id = 1;
alter table public.notes enable row level security;
alter table private.lists disable row level security;
alter table public.old disable row level security;
drop table public.old;
