-- Exclusion constraint builds its index under ACCESS EXCLUSIVE, there is no concurrent way.
-- finds: locks:20260201000000:build_add_exclusion:public.order_items
alter table public.order_items
  add constraint order_items_line_excl exclude using btree (tenant_id with =, order_id with =, line with =);
