-- name: Deleting a connection softly
-- about: Its mappings go along, by the foreign key that cascades.
-- requirement: 6.1, 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null
-- cases: small, largest
-- param id: select min(slack_connection_id::text) from public.slack_user_mappings
--     where tenant_id = :tenant and deleted_at is null
-- uses: slack_user_mappings_slack_connection_id_idx (tenant_id, workspace_id, slack_connection_id)
select public.soft_delete('slack_connections', :id)
