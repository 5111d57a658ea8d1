-- name: Retry queue
-- about: A worker takes what is due, beside other workers.
-- requirement: 4.2
-- role: service_role
-- uses: webhook_deliveries_next_attempt_at_idx (next_attempt_at)
-- needs: webhook_deliveries_next_attempt_at_idx 5
-- max_discarded_per_row: 1
select tenant_id, webhook_delivery_id, endpoint_url, payload, attempts, max_attempts
from public.webhook_deliveries
where status = 'pending' and deleted_at is null and next_attempt_at <= now()
order by next_attempt_at
limit 100
for update skip locked
