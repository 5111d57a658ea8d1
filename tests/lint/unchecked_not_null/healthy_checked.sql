-- A validated check; a column that has it already; a new table.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
alter table public.notes add constraint has_status check (status is not null and status <> '') not valid;
-- new
alter table public.notes validate constraint has_status;
-- new
alter table public.notes alter column status set not null;
alter table public.notes drop constraint has_status;
alter table public.notes alter column owner set not null;
create table private.n (id bigint);
alter table private.n alter column id set not null;
