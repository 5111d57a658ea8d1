-- Foreign key without the tenant: a row points into another tenant.
-- finds: references:public.payments:payments_order_fkey
-- finds: tenant_keys:public.payments.payments_order_fkey
create table public.payments (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  order_id uuid not null,
  amount numeric(12, 4) not null,
  primary key (tenant_id, id),
  constraint payments_order_fkey foreign key (order_id) references public.orders (id) on delete cascade
);
create index payments_order_idx on public.payments (order_id);
revoke all on public.payments from anon, authenticated;
grant select, insert on public.payments to authenticated;
alter table public.payments enable row level security;
alter table public.payments force row level security;
create policy payments_select on public.payments for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy payments_insert on public.payments for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
