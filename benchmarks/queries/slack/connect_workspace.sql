-- name: Connecting a new workspace
-- requirement: 4.2
-- role: service_role
-- tenant: public.slack_connections where deleted_at is null
-- cases: small, largest
-- uses: slack_connections_live_workspace_id_key
select public.connect_slack_workspace(:tenant, 'T0NEW', 'Acme', 'U0ACME', 'xoxb-new')
