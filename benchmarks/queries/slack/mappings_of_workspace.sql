-- name: Mapped people of the claimed workspace
-- about: The token names the workspace, and row-level security narrows to it.
-- requirement: 3.4, 4.2
-- role: authenticated
-- claims: tenant_id = :tenant, workspace_id = :workspace
-- tenant: public.slack_user_mappings where deleted_at is null
-- param workspace: select workspace_id from public.slack_user_mappings
--     where tenant_id = :tenant and deleted_at is null group by 1 order by count(*) desc, 1 limit 1
-- plans: custom
-- uses: slack_user_mappings_live_slack_user_id_key (tenant_id, workspace_id)
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
where workspace_id = :workspace
order by slack_user_id
limit 50
