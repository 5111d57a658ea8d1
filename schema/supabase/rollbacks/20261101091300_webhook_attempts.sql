-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.webhook_attempts and, for the foreign keys, on
-- public.tenants and public.webhook_deliveries.
drop table public.webhook_attempts;
