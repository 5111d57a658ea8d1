-- The table gets other policies, so that it may be meant: a warning.
-- finds: lost_policy:2:public.notes.none = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create policy none on public.notes as restrictive for insert to authenticated with check (false);
-- new
drop policy none on public.notes; --!
create policy insert_own on public.notes for insert to authenticated with check (owner = (select auth.uid()));
