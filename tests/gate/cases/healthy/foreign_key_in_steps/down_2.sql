alter table public.order_items drop constraint order_items_tenant_fkey;
alter table public.order_items
  add constraint order_items_tenant_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade not valid;
