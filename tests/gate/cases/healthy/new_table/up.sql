-- A whole new table with index, tenant-tight foreign key, row security, narrow grants; the rollback drops it. Nobody uses it yet, so no lock harms. (The foreign key's lock on orders is instant: the new table is empty.)
create table public.invoices (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  order_id uuid not null,
  number bigint generated always as identity,
  amount numeric(12, 4) not null,
  issued_at timestamptz not null default now(),
  constraint invoices_tenant_id_id_key unique (tenant_id, id),
  constraint invoices_order_fkey foreign key (tenant_id, order_id) references public.orders (tenant_id, id) on delete restrict,
  constraint invoices_amount_check check (amount >= 0)
);
create index invoices_order_idx on public.invoices (tenant_id, order_id);
comment on table public.invoices is 'What was billed for an order.';
revoke all on public.invoices from anon, authenticated;
revoke all on sequence public.invoices_number_seq from anon, authenticated;
grant select on public.invoices to authenticated;
grant insert (tenant_id, order_id, amount) on public.invoices to authenticated;
alter table public.invoices enable row level security;
alter table public.invoices force row level security;
create policy invoices_select on public.invoices for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy invoices_insert on public.invoices for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
