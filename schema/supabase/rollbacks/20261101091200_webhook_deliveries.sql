-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.webhook_deliveries and, for the foreign keys, on
-- public.tenants, public.communication_logs and private.encryption_keys.
drop table public.webhook_deliveries;
