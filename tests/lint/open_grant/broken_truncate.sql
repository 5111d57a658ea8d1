-- Policies hold TRUNCATE back from nobody.
-- finds: open_grant:2:anon:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
revoke all on public.notes from anon;
-- new
grant truncate on public.notes to anon; --!
