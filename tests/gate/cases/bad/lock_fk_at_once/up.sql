-- Foreign key validated at once: 80,000 rows checked while writes of both tables wait.
-- finds: locks:20260201000000:scan_add_foreign_key:public.order_items
alter table public.order_items
  add constraint order_items_tenant_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade;
