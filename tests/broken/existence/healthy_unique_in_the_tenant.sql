-- Claims: unique within the tenant; for all tenants only what nobody can guess, and the tenants' own keys.

create table public.tenants (tenant_id uuid primary key default gen_random_uuid(), name text not null);
create table public.customers (
    customer_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references public.tenants on delete cascade,
    email text not null,
    invitation_token text not null unique default encode(extensions.gen_random_bytes(24), 'hex'),
    unique (tenant_id, email)
);
alter table public.tenants enable row level security;
alter table public.customers enable row level security;
revoke all on public.tenants, public.customers from anon, authenticated;
grant select on public.tenants to authenticated;
grant select, insert on public.customers to authenticated;
create policy own on public.tenants for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.customers to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
-- Two of a tenant's own rows differ in their states alone: what a third one meets is its own.
create table public.orders (
    order_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    kind text not null check (kind in ('return', 'sale')),
    state text not null default 'new',
    number integer not null,
    unique (tenant_id, state, kind)
);
alter table public.orders enable row level security;
revoke all on public.orders from anon, authenticated;
grant select, insert on public.orders to authenticated;
create policy own on public.orders to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
