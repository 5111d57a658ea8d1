-- name: Messages of a keyed hash
-- requirement: 7.4, 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and phone_number_hash is not null
-- param hash: select phone_number_hash from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and phone_number_hash is not null
--     order by created_at desc, communication_log_id limit 1
-- uses: communication_logs_phone_number_hash_idx (tenant_id, phone_number_hash)
-- max_discarded_per_row: 3
select communication_log_id, created_at
from public.communication_logs
where tenant_id = :tenant and phone_number_hash = :hash and deleted_at is null
