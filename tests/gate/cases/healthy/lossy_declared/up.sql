-- The loss is declared, comments and grants come back.
-- schemaproof: lossy public.orders.note notes live in public.notes since last year
alter table public.orders drop column note;
