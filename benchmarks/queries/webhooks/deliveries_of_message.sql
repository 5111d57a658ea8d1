-- name: Deliveries of a message
-- requirement: 4.2
-- role: authenticated
-- tenant: public.webhook_deliveries where deleted_at is null and communication_log_id is not null
-- param message: select min(communication_log_id::text) from public.webhook_deliveries
--     where tenant_id = :tenant and deleted_at is null
-- uses: webhook_deliveries_communication_log_id_idx (tenant_id, communication_log_id)
select webhook_delivery_id, event_type, endpoint_url, status, attempts, next_attempt_at, finished_at, created_at
from public.webhook_deliveries
where communication_log_id = :message
