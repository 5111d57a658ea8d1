-- Memberships: a view and a materialised view show what their owner sees, who bypasses the policies.
-- finds: views:public.donor_list:read = error
-- finds: views:public.donor_names:read = error

create table public.charities (charity_id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    charity_id uuid not null references public.charities on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    primary key (charity_id, user_id)
);
create index on public.members (user_id);
create table public.donors (
    donor_id uuid primary key default gen_random_uuid(),
    charity_id uuid not null references public.charities on delete cascade,
    name text not null
);
create index on public.donors (charity_id);
alter table public.charities enable row level security;
alter table public.members enable row level security;
alter table public.donors enable row level security;
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy member on public.charities for select to authenticated
using (charity_id in (select m.charity_id from public.members as m where m.user_id = (select auth.uid())));
create policy member on public.donors for select to authenticated
using (charity_id in (select m.charity_id from public.members as m where m.user_id = (select auth.uid())));
create view public.donor_list as select donor_id, name from public.donors; --!
create materialized view public.donor_names as select name from public.donors; --!
revoke all on all tables in schema public from anon, authenticated;
grant select on public.charities, public.members, public.donors, public.donor_list, public.donor_names to authenticated;
