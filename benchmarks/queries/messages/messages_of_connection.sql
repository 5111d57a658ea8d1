-- name: Messages of a Slack connection
-- about: A member whose token names the workspace sees what went through one connection to it.
-- requirement: 4.2, 3.4
-- role: authenticated
-- claims: tenant_id = :tenant, workspace_id = :workspace
-- tenant: public.communication_logs where deleted_at is null and slack_connection_id is not null
-- param connection: select slack_connection_id from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and slack_connection_id is not null
--     group by 1 order by count(*) desc, 1 limit 1
-- param workspace: select workspace_id from public.slack_connections
--     where tenant_id = :tenant and slack_connection_id = :connection
-- uses: communication_logs_slack_connection_id_idx (tenant_id, workspace_id, slack_connection_id)
-- max_buffers: 150
-- needs: communication_logs_slack_connection_id_idx 2
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where slack_connection_id = :connection and workspace_id = :workspace
order by created_at desc
limit 50
