-- With the option, in words of every kind; put back; over an open table; revoked from everybody.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table private.lists (id bigint primary key);
create view public.few with (security_invoker = true) as select id from public.notes;
-- new
create view public.a with (security_invoker = on) as select id from public.notes;
create view public.b with (security_invoker = 'yes') as select id from public.notes;
create or replace view public.few as select id, status from public.notes;
alter view public.few set (security_invoker = true);
create view public.listed as select id from private.lists;
create view public.counted as select count(*) from public.notes;
revoke all on public.counted from anon, authenticated;
