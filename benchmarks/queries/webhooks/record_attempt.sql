-- name: A try of a delivery is recorded
-- requirement: 4.2
-- role: service_role
-- tenant: public.webhook_deliveries where deleted_at is null and status = 'pending'
-- cases: largest
-- param id: select min(webhook_delivery_id::text) from public.webhook_deliveries
--     where tenant_id = :tenant and deleted_at is null and status = 'pending'
-- uses: webhook_deliveries_pkey (tenant_id, webhook_delivery_id)
insert into public.webhook_attempts (tenant_id, webhook_delivery_id, attempt_number, response_status, duration_ms)
values (:tenant, :id, 20, 503, 120)
