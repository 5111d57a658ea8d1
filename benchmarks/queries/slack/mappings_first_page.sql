-- name: Mapped people, newest first
-- about: Names the tenant beside the policy: the planner does not know whom the token names, takes each for an average one,
--     and would read all of the largest one's rows for a page.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null
-- uses: slack_user_mappings_created_at_idx (tenant_id)
-- plans: custom
-- max_claim_reads: 3
-- max_buffers: 150
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
where tenant_id = :tenant
order by created_at desc, slack_user_mapping_id desc
limit 50
