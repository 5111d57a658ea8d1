-- app_metadata is the back end's; a column may be called user_metadata.

create table public.notes (note_id uuid primary key, owner_id uuid, user_metadata jsonb);
alter table public.notes enable row level security;
create policy admins on public.notes for select to authenticated
    using (((select auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');
create policy own on public.notes for update to authenticated
    using (owner_id = (select auth.uid()) and user_metadata is not null);
