-- The column in one file, the UPDATE in the next (row locks only, no touch trigger on the table), idempotent; that the rollback keeps what was filled is declared.
alter table public.order_items add column list_price numeric(12, 4);
