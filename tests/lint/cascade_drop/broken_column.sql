-- A view, and another one that stands on it, go with a column.
-- finds: cascade_drop:2:public.notes = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create view public.open_notes with (security_invoker = true) as select id, status from public.notes;
create view public.few_notes with (security_invoker = on) as select id from public.open_notes limit 1;
-- new
alter table public.notes drop column status cascade; --!
