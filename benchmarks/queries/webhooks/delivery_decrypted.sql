-- name: A delivery with its signature, decrypted
-- requirement: 7.3, 4.2
-- role: service_role
-- tenant: public.webhook_deliveries where deleted_at is null
-- param id: select min(webhook_delivery_id::text) from public.webhook_deliveries
--     where tenant_id = :tenant and deleted_at is null
-- uses: webhook_deliveries_pkey (tenant_id, webhook_delivery_id)
select webhook_delivery_id, payload, signature
from public.decrypted_webhook_deliveries
where tenant_id = :tenant and webhook_delivery_id = :id
