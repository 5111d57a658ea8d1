alter table public.order_items drop constraint order_items_tenant_fkey;
