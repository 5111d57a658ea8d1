-- finds: view_without_invoker:2:lost:public.few = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create view public.few with (security_invoker) as select id from public.notes;
-- new
alter view public.few set (security_invoker = off); --!
