-- name: A connection's bot token, decrypted
-- requirement: 7.3, 4.2
-- role: service_role
-- tenant: public.slack_connections where deleted_at is null
-- param workspace: select min(workspace_id)
--     from public.slack_connections where tenant_id = :tenant and deleted_at is null
-- uses: slack_connections_live_workspace_id_key (tenant_id, workspace_id)
--     or slack_connections_workspace_id_idx (workspace_id)
select slack_connection_id, bot_token
from public.decrypted_slack_connections
where tenant_id = :tenant and workspace_id = :workspace
