-- Memberships: anybody may found an organisation, and a trigger makes its founder, and nobody else, its first member.

create table public.organisations (
    organisation_id uuid primary key default gen_random_uuid(),
    name text not null,
    founder_id uuid not null default auth.uid() references auth.users
);
create index on public.organisations (founder_id);
create table public.members (
    organisation_id uuid not null references public.organisations on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    role text not null check (role in ('owner', 'member')),
    primary key (organisation_id, user_id)
);
create index on public.members (user_id);
create table public.contracts (
    contract_id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations on delete cascade,
    partner text not null
);
create index on public.contracts (organisation_id);
create function public.add_founder() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.members values (new.organisation_id, new.founder_id, 'owner');
    return new;
end
$$;
revoke execute on function public.add_founder() from public, anon, authenticated;
create trigger add_founder after insert on public.organisations for each row execute function public.add_founder();
alter table public.organisations enable row level security;
alter table public.members enable row level security;
alter table public.contracts enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select, insert on public.organisations to authenticated;
grant select on public.members to authenticated;
grant select, insert, update, delete on public.contracts to authenticated;

create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy found on public.organisations for insert to authenticated with check (founder_id = (select auth.uid()));
create policy member on public.organisations for select to authenticated
using (organisation_id in (select m.organisation_id from public.members as m where m.user_id = (select auth.uid())));
create policy member on public.contracts to authenticated
using (organisation_id in (select m.organisation_id from public.members as m where m.user_id = (select auth.uid())));
