-- name: Mappings of a Slack user that an event comes from
-- about: Slack knows the workspace and the user, and no tenant.
-- requirement: 4.1, 4.2
-- role: service_role
-- tenant: public.slack_user_mappings where deleted_at is null
-- cases: small, largest
-- param user: select min(slack_user_id)
--     from public.slack_user_mappings where tenant_id = :tenant and deleted_at is null
-- param workspace: select workspace_id from public.slack_user_mappings
--     where tenant_id = :tenant and slack_user_id = :user and deleted_at is null limit 1
-- uses: slack_user_mappings_workspace_id_idx (workspace_id, slack_user_id)
-- needs: slack_user_mappings_workspace_id_idx 5
-- max_buffers: 10
select tenant_id, slack_user_mapping_id, verified_whatsapp_number_id
from public.slack_user_mappings
where workspace_id = :workspace and slack_user_id = :user and deleted_at is null
