-- finds: open_grant:2:anon:every table of public = warning
-- finds: open_grant:2:anon:every new table of private = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
grant all on all tables in schema public to anon; --!
alter default privileges in schema private grant select on tables to anon; --!
