-- finds: open_policy:2:public.notes.write = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create policy write on public.notes for update to anon using (false) with check (false);
-- new
alter policy write on public.notes using (true) with check (true); --!
