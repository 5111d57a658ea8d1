-- Behind policies; to members; a revoke; what Supabase has given already.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.codes (id bigint primary key);
alter table public.codes enable row level security;
revoke all on public.codes from anon;
-- new
grant all on public.notes to anon;
grant select on public.codes to anon;
grant all on all tables in schema public to authenticated;
revoke all on all tables in schema public from anon;
