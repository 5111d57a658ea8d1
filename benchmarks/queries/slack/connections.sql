-- name: The tenant's connections
-- requirement: 4.2
-- role: authenticated
-- tenant: public.slack_connections where deleted_at is null
-- max_claim_reads: 3
select slack_connection_id, workspace_id, workspace_name, status, created_at
from public.slack_connections
order by workspace_name
limit 50
