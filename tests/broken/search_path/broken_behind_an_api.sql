-- Claims: no path at all; behind an API that runs no SQL of its callers only a warning.
-- finds: search_path:public.my_orders() = warning

create table public.orders (
    order_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    buyer text not null
);
create index on public.orders (tenant_id);
alter table public.orders enable row level security;
revoke all on public.orders from anon, authenticated;
grant select on public.orders to authenticated;
create policy own on public.orders for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create function public.my_orders() returns setof text language plpgsql stable security definer --!
as $$
begin
    return query select o.buyer from orders as o where o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid;
end
$$;
revoke execute on function public.my_orders() from public, anon;
