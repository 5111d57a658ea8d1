-- Owners invite by e-mail, and who is invited joins by a function. Locks: SHARE ROW EXCLUSIVE on organisations, for an instant.
create table public.invitations (
    invitation_id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (organisation_id) on delete cascade,
    email text not null check (email = lower(email) and email like '%_@_%'),
    role text not null default 'viewer' check (role in ('editor', 'viewer')),
    expires_at timestamptz not null default now() + interval '7 days',
    unique (organisation_id, email)
);
alter table public.invitations enable row level security;
revoke all on table public.invitations from anon, authenticated;
grant select, insert, delete on table public.invitations to authenticated;

create policy select_owner_or_invited on public.invitations for select to authenticated using (
    private.is_owner(organisation_id) or email = lower((select auth.jwt()) ->> 'email')
);
create policy insert_owner on public.invitations
    for insert to authenticated with check (private.is_owner(organisation_id));
create policy delete_owner on public.invitations
    for delete to authenticated using (private.is_owner(organisation_id));

create function public.accept_invitation(p_invitation_id uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    accepted public.invitations;
begin
    delete from public.invitations as i
    where i.invitation_id = p_invitation_id and i.email = lower((select auth.jwt()) ->> 'email') and i.expires_at > now()
    returning * into accepted;
    if accepted.invitation_id is null or (select auth.uid()) is null then
        return false;
    end if;
    insert into public.memberships (organisation_id, user_id, role)
    values (accepted.organisation_id, (select auth.uid()), accepted.role)
    on conflict do nothing;
    return true;
end
$$;
revoke execute on function public.accept_invitation(uuid) from public, anon;
