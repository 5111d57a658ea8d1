-- A check that is not validated spares nothing.
-- finds: unchecked_not_null:2:public.notes.status = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes add constraint has_status check (status is not null) not valid;
alter table public.notes alter column status set not null; --!
