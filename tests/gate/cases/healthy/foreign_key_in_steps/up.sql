-- NOT VALID is instant, VALIDATE in a file of its own takes SHARE UPDATE EXCLUSIVE: nobody waits.
alter table public.order_items
  add constraint order_items_tenant_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade not valid;
