alter table public.order_items drop constraint order_items_line_excl;
