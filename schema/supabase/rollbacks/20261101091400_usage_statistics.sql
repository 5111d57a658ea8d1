-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.usage_statistics and, for the foreign keys, on
-- public.tenants.
drop table public.usage_statistics;
