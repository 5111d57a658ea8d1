-- finds: row_security_off:2:not forced:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
alter table public.notes force row level security;
-- new
alter table public.notes no force row level security; --!
