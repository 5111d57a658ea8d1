-- finds: concurrently_in_company:2:beside others:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes add column kind text;
create index concurrently a_idx on public.notes (kind); --!
