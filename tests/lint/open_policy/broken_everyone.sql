-- No role named: for everyone.
-- finds: open_policy:2:public.notes.anybody = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
create policy anybody on public.notes for select using (true); --!
