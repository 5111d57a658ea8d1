-- Two policies are the same in all but their name, and a third is joined to them by OR.
-- finds: permissive_policies:public.notes.own_again = warning
-- finds: permissive_policies:public.notes = note

create table public.notes (note_id uuid primary key, owner_id uuid, shared boolean); --!
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
create policy own_again on public.notes for select to authenticated using (owner_id = (select auth.uid())); --!
create policy shared on public.notes to authenticated using (shared);
