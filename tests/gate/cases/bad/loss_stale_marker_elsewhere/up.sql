-- The marker declares another column than the one that is lost.
-- finds: data_loss:20260201000000:lost:public.customers.metadata
-- schemaproof: lossy public.customers.tags moved to the search index
alter table public.customers drop column metadata;
