-- name: Renaming the own tenant
-- about: Two policies read the claim, and the audit entry reads who asked.
-- requirement: 4.2
-- role: authenticated
-- tenant: public.tenants where deleted_at is null
-- cases: largest
-- max_claim_reads: 4
update public.tenants set name = 'Acme' where tenant_id = :tenant
