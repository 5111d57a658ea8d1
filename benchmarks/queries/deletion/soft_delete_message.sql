-- name: Deleting a message softly
-- requirement: 6.1, 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null
-- cases: small, largest
-- param id: select min(communication_log_id::text) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_pkey (tenant_id, communication_log_id)
select public.soft_delete('communication_logs', :id)
