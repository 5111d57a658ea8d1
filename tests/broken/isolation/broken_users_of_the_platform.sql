-- Memberships: what lets a user in stands in auth.users (an address, app metadata); two helpers ask for any tenant's.
-- finds: isolation:public.letters:select = error
-- finds: isolation:public.plans:select = error

create table public.members (org_id uuid not null, email text not null, primary key (org_id, email));
create table public.notes (note_id uuid primary key default gen_random_uuid(), org_id uuid not null, body text not null);
create table public.letters (letter_id uuid primary key default gen_random_uuid(), org_id uuid not null, body text not null);
create table public.plans (plan_id uuid primary key default gen_random_uuid(), org_id uuid not null, body text not null);
create function public.my_orgs() returns setof uuid stable security definer set search_path = '' language sql
as $$ select m.org_id from public.members as m join auth.users as u on u.email = m.email where u.id = auth.uid() $$;
create function public.is_member() returns boolean stable security definer set search_path = '' language sql as $$
    select exists (
        select from public.members as m join auth.users as u on u.email = m.email where u.id = auth.uid()
    )
$$;
create function public.my_org() returns uuid stable security definer set search_path = '' language sql
as $$ select (u.raw_app_meta_data ->> 'org_id')::uuid from auth.users as u where u.id = auth.uid() $$;
alter table public.members enable row level security;
alter table public.notes enable row level security;
alter table public.letters enable row level security;
alter table public.plans enable row level security;
revoke all on public.members, public.notes, public.letters, public.plans from anon, authenticated;
grant select on public.members, public.notes, public.letters, public.plans to authenticated;
create policy own on public.members to authenticated using (org_id in (select public.my_orgs()));
create policy own on public.notes to authenticated using (org_id in (select public.my_orgs()));
create policy own on public.letters to authenticated using ((select public.is_member())); --!
create policy own on public.plans to authenticated using (org_id = (select public.my_org()) or public.my_org() is not null); --!
