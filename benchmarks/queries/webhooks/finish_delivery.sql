-- name: A delivery comes to its end
-- requirement: 4.2
-- role: service_role
-- tenant: public.webhook_deliveries where deleted_at is null and status = 'pending'
-- cases: largest
-- param id: select min(webhook_delivery_id::text) from public.webhook_deliveries
--     where tenant_id = :tenant and deleted_at is null and status = 'pending'
-- uses: webhook_deliveries_pkey (tenant_id, webhook_delivery_id)
update public.webhook_deliveries
set status = 'delivered', next_attempt_at = null, finished_at = now(), attempts = least(attempts + 1, max_attempts)
where tenant_id = :tenant and webhook_delivery_id = :id
