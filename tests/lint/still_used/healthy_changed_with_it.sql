-- Whoever used it is changed in the same set; others use another table's column of that name; the old name stays as a view.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.jobs (id bigint primary key, status text, body text);
alter table public.jobs enable row level security;
create function public.first() returns text language sql as $$ select body from public.notes limit 1 $$;
create function public.other() returns text language sql as $$
    select j.body from public.jobs as j join public.notes as n on n.id = j.id
$$;
create view public.open_notes with (security_invoker = true) as select id, status from public.notes;
-- new
drop view public.open_notes;
alter table public.notes drop column status;
alter table public.notes drop column body, add column content text;
create or replace function public.first() returns text language sql as $$ select content from public.notes limit 1 $$;
alter table public.jobs rename to tasks;
create view public.jobs with (security_invoker = true) as select * from public.tasks;
