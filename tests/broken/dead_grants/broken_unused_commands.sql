-- DELETE is granted, but there are policies for SELECT and INSERT only; on the other table all was granted by default.
-- finds: dead_grants:public.notes:authenticated = warning

create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
revoke all on table public.notes from anon, authenticated;
grant select, insert, delete on table public.notes to authenticated; --!
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create policy add on public.notes for insert to authenticated with check (owner_id = (select auth.uid()));
