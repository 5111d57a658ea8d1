-- name: Renaming the own tenant
-- requirement: 4.2
-- role: authenticated
-- tenant: public.tenants where deleted_at is null
-- cases: largest
-- max_claim_reads: 3
update public.tenants set name = 'Acme' where tenant_id = :tenant
