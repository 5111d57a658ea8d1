-- For members alone, but beside a policy that asks them who they are.
-- finds: open_policy:2:public.notes.all_members = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
create policy all_members on public.notes for select to authenticated using (true); --!
