-- Two indexes that no query needs: their tables stay so small that reading them whole costs what the index does, and
-- what looks for one deletion's rows there finds them by the tenant.
-- Locks: ACCESS EXCLUSIVE on public.tenants and public.slack_connections, briefly.
drop index public.tenants_deleted_at_idx;
drop index public.slack_connections_deleted_at_idx;
