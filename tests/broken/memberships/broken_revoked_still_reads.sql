-- Memberships: one of two helpers forgets that a membership can be revoked.
-- finds: memberships:public.pages = error

create table public.teams (team_id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    team_id uuid not null references public.teams on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    revoked_at timestamptz,
    primary key (team_id, user_id)
);
create index on public.members (user_id);
create table public.pages (
    page_id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams on delete cascade,
    body text not null
);
create index on public.pages (team_id);
alter table public.teams enable row level security;
alter table public.members enable row level security;
alter table public.pages enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select on public.teams, public.members to authenticated;
grant select, insert on public.pages to authenticated;

create function public.is_member(p_team uuid) returns boolean language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.members as m
        where m.team_id = p_team and m.user_id = (select auth.uid()) and m.revoked_at is null
    )
$$;
create function public.my_teams() returns setof uuid language sql stable security definer set search_path = ''
as $$ select m.team_id from public.members as m where m.user_id = (select auth.uid()) $$;
revoke execute on function public.is_member(uuid), public.my_teams() from public, anon;

create policy member on public.teams for select to authenticated using (public.is_member(team_id));
create policy member on public.members for select to authenticated using (public.is_member(team_id));
create policy read on public.pages for select to authenticated using (team_id in (select public.my_teams())); --!
create policy add on public.pages for insert to authenticated with check (public.is_member(team_id));
