-- Memberships: views with the caller's rights, and a materialised view that nobody is granted.

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
create view public.donor_list with (security_invoker = true) as select donor_id, charity_id, name from public.donors;
create view public.donor_names with (security_invoker = on) as select name from public.donor_list;
create materialized view public.totals as select charity_id, count(*) as number from public.donors group by charity_id;
revoke all on all tables in schema public from anon, authenticated;
revoke all on public.totals from anon, authenticated;
grant select on public.charities, public.members, public.donors, public.donor_list, public.donor_names to authenticated;
