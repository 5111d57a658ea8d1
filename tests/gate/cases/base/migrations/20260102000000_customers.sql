create table public.customers (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  number bigint generated always as identity,
  email text,
  phone text,
  display_name text not null,
  display_key text generated always as (lower(display_name)) stored,
  credit_limit numeric(12, 4) not null default 0,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint customers_tenant_id_id_key unique (tenant_id, id),
  constraint customers_tenant_id_email_key unique (tenant_id, email),
  constraint customers_email_check check (email like '%_@_%'),
  constraint customers_credit_limit_check check (credit_limit >= 0),
  constraint customers_phone_check check (length(phone) between 5 and 24)
);
create index customers_tenant_id_display_key_idx on public.customers (tenant_id, display_key);
create index customers_phone_idx on public.customers (tenant_id, phone) where phone is not null;
alter table public.customers alter column email set statistics 500;
comment on table public.customers is 'Whom a tenant sells to.';
comment on column public.customers.email is 'Unique within the tenant; may be missing.';
comment on column public.customers.phone is 'As the customer typed it.';

create trigger customers_touch before update on public.customers
  for each row execute function private.touch_updated_at();

revoke all on public.customers from anon, authenticated;
revoke all on sequence public.customers_number_seq from anon, authenticated;
grant select, delete on public.customers to authenticated;
grant insert (tenant_id, email, phone, display_name, tags, metadata) on public.customers to authenticated;
grant update (email, phone, display_name, tags, metadata) on public.customers to authenticated;

alter table public.customers enable row level security;
alter table public.customers force row level security;
create policy customers_select on public.customers for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy customers_insert on public.customers for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy customers_update on public.customers for update to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid))
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy customers_delete on public.customers for delete to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
