-- name: One message
-- requirement: 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null
-- param id: select min(communication_log_id::text) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_pkey (tenant_id, communication_log_id)
-- max_buffers: 10
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where communication_log_id = :id
