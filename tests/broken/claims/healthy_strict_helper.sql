-- Claims: a helper raises where the claim is missing, and a cast where it is no UUID: errors, and no rows.

create schema private;
grant usage on schema private to authenticated;
create function private.require_tenant() returns uuid language plpgsql stable set search_path = ''
as $$
declare
    claim text := auth.jwt() -> 'app_metadata' ->> 'tenant_id';
begin
    if coalesce(claim, '') = '' then
        raise exception 'the token names no tenant' using errcode = '42501';
    end if;
    return claim::uuid;
end
$$;
create table public.vehicles (
    vehicle_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null default private.require_tenant(),
    plate text not null
);
create index on public.vehicles (tenant_id);
alter table public.vehicles enable row level security;
revoke all on public.vehicles from anon, authenticated;
grant select, insert, update, delete on public.vehicles to authenticated;
create policy own on public.vehicles to authenticated using (tenant_id = (select private.require_tenant()));
