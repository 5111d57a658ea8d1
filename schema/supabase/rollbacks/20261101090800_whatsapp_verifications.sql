-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.whatsapp_verifications and, for the foreign keys, on
-- public.tenants and private.encryption_keys.
drop table public.whatsapp_verifications;
