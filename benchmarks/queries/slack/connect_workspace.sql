-- name: Connecting a workspace again
-- requirement: 4.2
-- role: service_role
-- tenant: public.slack_connections where deleted_at is null
-- cases: small, largest
-- param workspace: select min(workspace_id) from public.slack_connections where tenant_id = :tenant and deleted_at is null
-- uses: slack_connections_live_workspace_id_key (tenant_id, workspace_id)
select public.connect_slack_workspace(:tenant, :workspace, 'Acme', 'U0ACME', 'xoxb-new')
