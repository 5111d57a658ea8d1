-- name: Deliveries, newest first
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.webhook_deliveries where deleted_at is null
-- uses: webhook_deliveries_created_at_idx (tenant_id)
-- needs: webhook_deliveries_created_at_idx 2
-- max_claim_reads: 3
-- max_buffers: 300
select webhook_delivery_id, event_type, endpoint_url, status, attempts, next_attempt_at, finished_at, created_at
from public.webhook_deliveries
order by created_at desc, webhook_delivery_id desc
limit 50
