-- name: Backlog of the retry queue
-- about: Monitoring counts what is overdue.
-- requirement: 9.4, 4.2
-- role: service_role
-- uses: webhook_deliveries_next_attempt_at_idx (next_attempt_at)
select count(*), min(next_attempt_at)
from public.webhook_deliveries
where status = 'pending' and deleted_at is null and next_attempt_at < now() - interval '15 minutes'
