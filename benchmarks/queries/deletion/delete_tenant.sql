-- name: Deleting a tenant for good, as the back end
-- about: All that it owns goes with it.
-- requirement: 2.4, 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null
-- cases: small
-- uses: tenants_pkey (tenant_id)
delete from public.tenants where tenant_id = :tenant
