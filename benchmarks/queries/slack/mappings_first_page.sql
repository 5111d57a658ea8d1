-- name: Mapped people, newest first
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null
-- uses: slack_user_mappings_created_at_idx (tenant_id)
-- max_claim_reads: 3
-- max_buffers: 200
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
order by created_at desc, slack_user_mapping_id desc
limit 50
