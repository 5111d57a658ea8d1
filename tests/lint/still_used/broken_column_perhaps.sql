-- Two tables, and a name without either: a warning.
-- finds: still_used:2:dropped:public.notes.status = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.jobs (id bigint primary key, note_id bigint);
alter table public.jobs enable row level security;
create function public.states() returns setof text language sql as $$
    select status from public.jobs join public.notes on notes.id = note_id
$$;
-- new
alter table public.notes drop column status; --!
