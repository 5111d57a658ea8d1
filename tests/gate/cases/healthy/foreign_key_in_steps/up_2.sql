alter table public.order_items validate constraint order_items_tenant_fkey;
