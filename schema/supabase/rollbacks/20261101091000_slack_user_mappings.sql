-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on public.slack_user_mappings and, for the foreign keys, on
-- public.tenants, public.slack_connections and public.verified_whatsapp_numbers.
drop table public.slack_user_mappings;
