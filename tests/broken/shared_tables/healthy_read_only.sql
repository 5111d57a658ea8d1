-- Claims: a shared list that is read by all and written by none.

create table public.countries (code text primary key check (code ~ '^[A-Z]{2}$'), name text not null);
create table public.addresses (
    tenant_id uuid not null,
    address_id uuid default gen_random_uuid(),
    country text not null references public.countries,
    primary key (tenant_id, address_id)
);
create index on public.addresses (country);
alter table public.countries enable row level security;
alter table public.addresses enable row level security;
revoke all on public.countries, public.addresses from anon, authenticated;
grant select on public.countries to authenticated;
grant select, insert on public.addresses to authenticated;
create policy read on public.countries for select to authenticated using (true);
create policy own on public.addresses to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
