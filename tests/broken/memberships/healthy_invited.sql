-- Memberships: joining needs an invitation for the e-mail of the token; a member who has left reaches nothing any more.

create table public.spaces (space_id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    space_id uuid not null references public.spaces on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    left_at timestamptz,
    primary key (space_id, user_id)
);
create index on public.members (user_id);
create table public.invitations (
    space_id uuid not null references public.spaces on delete cascade,
    email text not null,
    primary key (space_id, email)
);
create table public.notes (
    note_id uuid primary key default gen_random_uuid(),
    space_id uuid not null references public.spaces on delete cascade,
    body text not null
);
create index on public.notes (space_id);
create function public.member_of(p_space uuid) returns boolean language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.members as m
        where m.space_id = p_space and m.user_id = (select auth.uid()) and m.left_at is null
    )
$$;
create function public.invited_to(p_space uuid) returns boolean language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.invitations as i where i.space_id = p_space and i.email = (select auth.jwt()) ->> 'email'
    )
$$;
revoke execute on function public.member_of(uuid), public.invited_to(uuid) from public, anon;
alter table public.spaces enable row level security;
alter table public.members enable row level security;
alter table public.invitations enable row level security;
alter table public.notes enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select on public.spaces, public.invitations to authenticated;
grant select, insert on public.members to authenticated;
grant select, insert, update, delete on public.notes to authenticated;

create policy member on public.spaces for select to authenticated using (public.member_of(space_id));
create policy member on public.members for select to authenticated using (public.member_of(space_id));
create policy accept on public.members for insert to authenticated
with check (user_id = (select auth.uid()) and public.invited_to(space_id));
create policy mine on public.invitations for select to authenticated using (email = (select auth.jwt()) ->> 'email');
create policy member on public.notes to authenticated using (public.member_of(space_id));
