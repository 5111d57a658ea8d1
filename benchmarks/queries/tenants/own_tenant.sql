-- name: The member's own tenant
-- requirement: 4.2
-- role: authenticated
-- tenant: public.tenants where deleted_at is null
-- max_claim_reads: 2
-- max_buffers: 10
select tenant_id, name, communication_log_retention_days
from public.tenants
