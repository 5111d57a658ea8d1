-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.communication_logs and, for the foreign keys, on
-- public.tenants, public.verified_whatsapp_numbers, public.slack_connections and private.encryption_keys.
drop table public.communication_logs;
