-- The claim decides alone, decides beside the caller's own rows, and decides in a function.
-- finds: user_metadata:public.notes.admins = error
-- finds: user_metadata:public.notes.own = warning
-- finds: user_metadata:public.notes.helped = warning

create function public.is_admin() returns boolean language sql stable set search_path = ''
as $$ select (auth.jwt() -> 'user_metadata' ->> 'role') = 'admin' $$;
create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
create policy admins on public.notes for select to authenticated --!
    using (((select auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin');
create policy own on public.notes for update to authenticated --!
    using (owner_id = (select auth.uid()) and ((select auth.jwt()) -> 'user_metadata' ->> 'trained') = 'yes');
create policy helped on public.notes for delete to authenticated using ((select public.is_admin())); --!
