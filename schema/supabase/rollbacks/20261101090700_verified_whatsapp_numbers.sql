-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.verified_whatsapp_numbers and, for the foreign keys, on
-- public.tenants.
drop table public.verified_whatsapp_numbers;
