-- Each call is evaluated once: in a sub-select of its own, in one that does not depend on the row, or in WITH CHECK.

create table public.members (team_id uuid, user_id uuid, primary key (team_id, user_id));
create function public.may_see(owner_id uuid) returns boolean language sql stable set search_path = ''
as $$ select owner_id = auth.uid() $$;
create function public.kind() returns text language sql immutable set search_path = '' as $$ select 'note' $$;
create table public.notes (note_id uuid primary key, owner_id uuid, team_id uuid, kind text, at timestamptz);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()) and at < now());
create policy team on public.notes for select to authenticated
    using (team_id in (select team_id from public.members where user_id = auth.uid()));
create policy add on public.notes for insert to authenticated with check (owner_id = auth.uid());
create policy seen on public.notes for update to authenticated using (public.may_see(owner_id) and kind = public.kind());
create policy by_team on public.notes for delete to authenticated using (
    exists (
        select from public.members
        where members.team_id = notes.team_id and members.user_id = (select auth.uid())
    )
);
