-- name: One message, decrypted
-- requirement: 7.3, 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and phone_number_hash is not null
-- param id: select communication_log_id from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and phone_number_hash is not null
--     order by created_at desc, communication_log_id limit 1
-- uses: communication_logs_pkey (tenant_id, communication_log_id)
select communication_log_id, phone_number, body
from public.decrypted_communication_logs
where tenant_id = :tenant and communication_log_id = :id
