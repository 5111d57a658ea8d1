-- Claims: an e-mail and a part of an index are unique over all tenants.
-- finds: existence:public.customers:customers_email_key = warning
-- finds: existence:public.customers:customers_number_idx = warning

create table public.customers (
    customer_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    number text not null,
    email text not null unique --!
);
create unique index customers_number_idx on public.customers (lower(number)); --!
create index on public.customers (tenant_id);
alter table public.customers enable row level security;
revoke all on public.customers from anon, authenticated;
grant select, insert on public.customers to authenticated;
create policy own on public.customers to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
