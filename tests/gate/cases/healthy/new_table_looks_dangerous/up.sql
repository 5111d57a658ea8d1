-- Volatile default, SET NOT NULL, type change, plain index, validated keys, primary key, backfill, TRUNCATE and DELETE: all of a table that is new.
create table public.price_lists (
  tenant_id uuid not null,
  sku text not null,
  price integer,
  label varchar(20)
);
insert into public.price_lists (tenant_id, sku, price, label)
select i.tenant_id, i.sku, 1, 'x' from public.order_items i group by 1, 2 limit 100;
delete from public.price_lists where price = 1;
truncate public.price_lists;
insert into public.price_lists (tenant_id, sku, price)
select i.tenant_id, i.sku, max(i.unit_price)::integer from public.order_items i group by 1, 2;
alter table public.price_lists add column token uuid default gen_random_uuid();
alter table public.price_lists alter column price type numeric(12, 4);
alter table public.price_lists alter column label type text;
update public.price_lists set label = sku;
alter table public.price_lists alter column price set not null;
alter table public.price_lists add primary key (tenant_id, sku);
alter table public.price_lists add foreign key (tenant_id) references public.tenants (id) on delete cascade;
alter table public.price_lists add constraint price_lists_price_check check (price >= 0);
alter table public.price_lists add column cents bigint generated always as ((price * 100)::bigint) stored;
create index price_lists_price_idx on public.price_lists (tenant_id, price);
revoke all on public.price_lists from anon, authenticated;
grant select on public.price_lists to authenticated;
alter table public.price_lists enable row level security;
alter table public.price_lists force row level security;
create policy price_lists_select on public.price_lists for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
