-- name: The tenant's connection to a workspace
-- requirement: 4.1, 4.2
-- role: authenticated, service_role
-- tenant: public.slack_connections where deleted_at is null
-- param workspace: select min(workspace_id)
--     from public.slack_connections where tenant_id = :tenant and deleted_at is null
-- uses: slack_connections_live_workspace_id_key (tenant_id, workspace_id)
--     or slack_connections_workspace_id_idx (workspace_id)
-- max_buffers: 10
select slack_connection_id, workspace_name, status
from public.slack_connections
where tenant_id = :tenant and workspace_id = :workspace and deleted_at is null
