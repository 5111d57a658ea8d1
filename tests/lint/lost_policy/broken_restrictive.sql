-- finds: lost_policy:2:public.notes.only_recent = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create policy only_recent on public.notes as restrictive for select to authenticated using (at > now() - interval '1 day');
-- new
drop policy only_recent on public.notes; --!
