-- name: Mapped people, newest first, left to the policy
-- about: What mappings_first_page saves by naming the tenant: here all of its mappings are read and sorted.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null
-- uses: slack_user_mappings_created_at_idx (tenant_id)
-- max_claim_reads: 3
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
order by created_at desc, slack_user_mapping_id desc
limit 50
