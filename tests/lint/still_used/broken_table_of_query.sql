-- query: newest: select id from public.notes where owner = $1 order by at desc limit 1
-- finds: still_used:2:renamed:public.notes = error
-- also: renamed:2:public.notes = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes rename to memos; --!
