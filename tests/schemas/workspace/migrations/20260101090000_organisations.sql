-- Organisations and who belongs to them. Locks: none beyond the new objects.
create schema private;
grant usage on schema private to authenticated;

create table public.organisations (
    organisation_id uuid primary key default gen_random_uuid(),
    name text not null check (char_length(name) between 2 and 80),
    slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{2,39}$'),
    created_by uuid not null default auth.uid() references auth.users (id),
    created_at timestamptz not null default now()
);
create index organisations_created_by_idx on public.organisations (created_by);

create table public.memberships (
    organisation_id uuid not null references public.organisations (organisation_id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null default 'viewer' check (role in ('owner', 'editor', 'viewer')),
    joined_at timestamptz not null default now(),
    suspended_at timestamptz,
    primary key (organisation_id, user_id)
);
create index memberships_user_id_idx on public.memberships (user_id);

create function private.role_in(p_organisation_id uuid) returns text
language sql stable security definer set search_path = ''
as $$
    select m.role from public.memberships as m
    where m.organisation_id = p_organisation_id and m.user_id = (select auth.uid()) and m.suspended_at is null
$$;

create function private.is_member(p_organisation_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select private.role_in(p_organisation_id) is not null $$;

create function private.can_edit(p_organisation_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select coalesce(private.role_in(p_organisation_id) in ('owner', 'editor'), false) $$;

create function private.is_owner(p_organisation_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select coalesce(private.role_in(p_organisation_id) = 'owner', false) $$;

revoke execute on all functions in schema private from public;
grant execute on all functions in schema private to authenticated;

alter table public.organisations enable row level security;
alter table public.memberships enable row level security;
revoke all on table public.organisations, public.memberships from anon, authenticated;
grant select, insert, delete on table public.organisations to authenticated;
grant update (name) on table public.organisations to authenticated;
grant select, insert, delete on table public.memberships to authenticated;
grant update (role, suspended_at) on table public.memberships to authenticated;

create policy select_member on public.organisations
    for select to authenticated using (private.is_member(organisation_id));
create policy insert_founder on public.organisations
    for insert to authenticated with check (created_by = (select auth.uid()));
create policy update_owner on public.organisations
    for update to authenticated using (private.is_owner(organisation_id));
create policy delete_owner on public.organisations
    for delete to authenticated using (private.is_owner(organisation_id));

create policy select_member on public.memberships
    for select to authenticated using (private.is_member(organisation_id));
create policy insert_owner on public.memberships
    for insert to authenticated with check (private.is_owner(organisation_id));
create policy update_owner on public.memberships
    for update to authenticated using (private.is_owner(organisation_id));
create policy delete_owner on public.memberships
    for delete to authenticated using (private.is_owner(organisation_id));

create function private.add_founder() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.memberships (organisation_id, user_id, role)
    values (new.organisation_id, new.created_by, 'owner')
    on conflict do nothing;
    return new;
end
$$;
revoke execute on function private.add_founder() from public, authenticated;
create trigger add_founder after insert on public.organisations
    for each row execute function private.add_founder();
