-- Nothing is known to depend on it: a note, beside the error of another part.
-- finds: cascade_drop:2:public.notes = note

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
drop table public.notes cascade; --!
