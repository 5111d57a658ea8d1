create type public.order_status as enum ('draft', 'placed', 'shipped', 'cancelled');
create sequence public.invoice_numbers;

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  customer_id uuid not null,
  invoice_no bigint not null default nextval('public.invoice_numbers'),
  reference text not null,
  status public.order_status not null default 'draft',
  total numeric(12, 4) not null default 0,
  currency text not null default 'EUR',
  note text,
  placed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint orders_tenant_id_id_key unique (tenant_id, id),
  constraint orders_tenant_id_reference_key unique (tenant_id, reference),
  constraint orders_customer_fkey foreign key (tenant_id, customer_id)
    references public.customers (tenant_id, id) on delete restrict,
  constraint orders_total_check check (total >= 0),
  constraint orders_currency_check check (currency ~ '^[A-Z]{3}$')
) with (fillfactor = 90);
alter sequence public.invoice_numbers owned by public.orders.invoice_no;
create index orders_customer_idx on public.orders (tenant_id, customer_id);
create index orders_open_idx on public.orders (tenant_id, created_at desc) where status in ('draft', 'placed');
create index orders_placed_at_idx on public.orders (tenant_id, placed_at) include (total);
alter table public.orders replica identity full;
create statistics public.orders_tenant_status_stats (dependencies) on tenant_id, status from public.orders;
comment on table public.orders is 'What a customer has ordered.';
comment on column public.orders.reference is 'The tenant''s own number of the order.';
comment on index public.orders_open_idx is 'The work list.';

create table public.order_items (
  tenant_id uuid not null,
  order_id uuid not null,
  line integer not null,
  sku text not null,
  quantity integer not null default 1,
  unit_price numeric(12, 4) not null,
  amount numeric(14, 4) generated always as (quantity * unit_price) stored,
  discount real not null default 0,
  created_at timestamptz not null default now(),
  primary key (tenant_id, order_id, line),
  constraint order_items_order_fkey foreign key (tenant_id, order_id)
    references public.orders (tenant_id, id) on delete cascade,
  constraint order_items_quantity_check check (quantity > 0),
  constraint order_items_discount_check check (discount >= 0 and discount < 1)
);
create index order_items_sku_idx on public.order_items (tenant_id, sku);

create trigger orders_touch before update on public.orders
  for each row execute function private.touch_updated_at();

revoke all on public.orders, public.order_items from anon, authenticated;
revoke all on sequence public.invoice_numbers from anon, authenticated;
grant usage on sequence public.invoice_numbers to authenticated;
grant select on public.orders to authenticated;
grant insert (tenant_id, customer_id, reference, note, currency) on public.orders to authenticated;
grant update (reference, note, currency) on public.orders to authenticated;
grant select, insert, delete on public.order_items to authenticated;
grant update (sku, quantity, unit_price, discount) on public.order_items to authenticated;

alter table public.orders enable row level security;
alter table public.orders force row level security;
alter table public.order_items enable row level security;
alter table public.order_items force row level security;

create policy orders_select on public.orders for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy orders_insert on public.orders for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy orders_update on public.orders for update to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid))
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy order_items_select on public.order_items for select to authenticated
  using (tenant_id = (select private.current_tenant()));
create policy order_items_insert on public.order_items for insert to authenticated
  with check (tenant_id = (select private.current_tenant()));
create policy order_items_update on public.order_items for update to authenticated
  using (tenant_id = (select private.current_tenant()))
  with check (tenant_id = (select private.current_tenant()));
create policy order_items_delete on public.order_items for delete to authenticated
  using (tenant_id = (select private.current_tenant()));
