-- Claims: a list that all tenants share can be changed by each of them.
-- finds: shared_tables:public.categories = warning

create table public.categories (category_id integer primary key, name text not null); --!
create table public.products (
    tenant_id uuid not null,
    product_id uuid default gen_random_uuid(),
    category_id integer not null references public.categories,
    primary key (tenant_id, product_id)
);
create index on public.products (category_id);
alter table public.categories enable row level security;
alter table public.products enable row level security;
revoke all on public.categories, public.products from anon, authenticated;
grant select, insert, update on public.categories to authenticated;
grant select, insert on public.products to authenticated;
create policy read on public.categories for select to authenticated using (true);
create policy add on public.categories for insert to authenticated with check (category_id > 0);
create policy change on public.categories for update to authenticated using (category_id > 0);
create policy own on public.products to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
