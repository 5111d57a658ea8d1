-- name: Tenants of a workspace that an event comes from
-- about: Slack knows the workspace, and no tenant.
-- requirement: 4.1, 4.2, 3.4
-- role: service_role
-- tenant: public.slack_connections where deleted_at is null
-- cases: largest
-- param workspace: select workspace_id from public.slack_connections
--     where deleted_at is null group by 1 order by count(*) desc, 1 limit 1
-- uses: slack_connections_workspace_id_idx (workspace_id)
-- needs: slack_connections_workspace_id_idx 1.5
-- max_buffers: 20
select tenant_id, slack_connection_id
from public.slack_connections
where workspace_id = :workspace and deleted_at is null
