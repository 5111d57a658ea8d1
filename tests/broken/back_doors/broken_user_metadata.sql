-- Claims: where the token has no tenant, the helper takes the one that users write into their own metadata.
-- finds: back_doors:B's user_metadata.tenant_id = error

create function public.tenant() returns uuid language sql stable set search_path = ''
as $$
    select coalesce(
        auth.jwt() -> 'user_metadata' ->> 'tenant_id', auth.jwt() -> 'app_metadata' ->> 'tenant_id'
    )::uuid
$$;
create table public.deals (
    deal_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    title text not null
);
create index on public.deals (tenant_id);
alter table public.deals enable row level security;
revoke all on public.deals from anon, authenticated;
grant select, insert, update, delete on public.deals to authenticated;
create policy own on public.deals to authenticated using (tenant_id = (select public.tenant())); --!
