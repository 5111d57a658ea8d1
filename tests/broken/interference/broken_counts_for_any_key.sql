-- Claims: a function counts the rows of whichever tenant it is given.
-- finds: interference:public.event_count(uuid) = error

create table public.events (
    tenant_id uuid not null,
    event_id uuid default gen_random_uuid(),
    name text not null,
    primary key (tenant_id, event_id)
);
alter table public.events enable row level security;
revoke all on public.events from anon, authenticated;
grant select on public.events to authenticated;
create policy own on public.events for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create function public.event_count(p_tenant_id uuid) returns bigint --!
language sql stable security definer set search_path = ''
as $$ select count(*) from public.events as e where e.tenant_id = p_tenant_id $$;
revoke execute on function public.event_count(uuid) from public, anon;
