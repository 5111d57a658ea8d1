-- name: The person of a Slack user
-- requirement: 4.1, 4.2
-- role: authenticated, service_role
-- tenant: public.slack_user_mappings where deleted_at is null
-- param user: select min(slack_user_id)
--     from public.slack_user_mappings where tenant_id = :tenant and deleted_at is null
-- param workspace: select workspace_id from public.slack_user_mappings
--     where tenant_id = :tenant and slack_user_id = :user and deleted_at is null limit 1
-- uses: slack_user_mappings_live_slack_user_id_key (tenant_id, workspace_id, slack_user_id)
--     or slack_user_mappings_workspace_id_idx (workspace_id, slack_user_id)
-- plans: custom
-- max_buffers: 30
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
where tenant_id = :tenant and workspace_id = :workspace and slack_user_id = :user and deleted_at is null
