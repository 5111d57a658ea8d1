-- Claims: a function filters by the tenant, and puts what it is given into dynamic SQL without quoting it.
-- finds: functions:public.sorted_contacts(text):injection = error

create table public.contacts (
    contact_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    email text not null
);
create index on public.contacts (tenant_id);
alter table public.contacts enable row level security;
revoke all on public.contacts from anon, authenticated;
grant select on public.contacts to authenticated;
create policy own on public.contacts for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create function public.sorted_contacts(p_order text) returns setof public.contacts --!
language plpgsql stable security definer set search_path = ''
as $$
begin
    return query execute
        'select * from public.contacts where tenant_id = $1 order by ' || p_order
        using (auth.jwt() ->> 'tenant_id')::uuid;
end
$$;
revoke execute on function public.sorted_contacts(text) from public, anon;
