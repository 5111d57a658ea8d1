-- finds: scanning_constraint:2:body_is_short:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes add constraint body_is_short check (length(body) < 10000) not valid;
alter table public.notes validate constraint body_is_short; --!
