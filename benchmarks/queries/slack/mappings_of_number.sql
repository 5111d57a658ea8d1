-- name: People of a number
-- requirement: 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null and verified_whatsapp_number_id is not null
-- param number: select verified_whatsapp_number_id from public.slack_user_mappings
--     where tenant_id = :tenant and deleted_at is null and verified_whatsapp_number_id is not null order by 1 limit 1
-- uses: slack_user_mappings_verified_whatsapp_number_id_idx (tenant_id, verified_whatsapp_number_id)
-- needs: slack_user_mappings_verified_whatsapp_number_id_idx 2
select slack_user_mapping_id, workspace_id, slack_user_id, person_name, person_email, metadata, created_at
from public.slack_user_mappings
where verified_whatsapp_number_id = :number
