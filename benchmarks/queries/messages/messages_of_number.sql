-- name: Messages of one of the tenant's numbers
-- requirement: 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null and verified_whatsapp_number_id is not null
-- param number: select verified_whatsapp_number_id from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and verified_whatsapp_number_id is not null
--     group by 1 order by count(*) desc, 1 limit 1
-- uses: communication_logs_verified_whatsapp_number_id_idx (tenant_id, verified_whatsapp_number_id)
-- max_buffers: 150
-- needs: communication_logs_verified_whatsapp_number_id_idx 2
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where verified_whatsapp_number_id = :number
order by created_at desc
limit 50
