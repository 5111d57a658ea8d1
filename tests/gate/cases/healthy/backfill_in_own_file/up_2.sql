-- schemaproof: lossy public.order_items.list_price filled where it was null; the rollback cannot tell and keeps it
update public.order_items set list_price = unit_price where list_price is null;
