-- name: Attempts of a delivery
-- requirement: 4.2
-- role: authenticated
-- tenant: public.webhook_attempts where deleted_at is null
-- param delivery: select min(webhook_delivery_id::text) from public.webhook_attempts
--     where tenant_id = :tenant and deleted_at is null
-- uses: webhook_attempts_pkey (tenant_id, webhook_delivery_id)
select attempt_number, response_status, error_message, duration_ms, created_at
from public.webhook_attempts
where webhook_delivery_id = :delivery
order by attempt_number
