-- Claims: functions with their caller's rights gain their caller nothing; one with its owner's names every schema.

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
create function public.orders_seen() returns bigint language plpgsql stable
as $$ begin return (select count(*) from orders); end $$;
create function public.my_orders() returns setof text language plpgsql stable security definer set search_path = ''
as $$
begin
    return query select o.buyer from public.orders as o where o.tenant_id = (auth.jwt() ->> 'tenant_id')::uuid;
end
$$;
revoke execute on function public.my_orders() from public, anon;
