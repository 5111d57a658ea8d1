-- name: Messages of a phone number
-- about: The back end looks for an encrypted number by the keyed hashes of every version of the key.
-- requirement: 7.4, 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and phone_number_hash is not null
-- param number: select private.decrypt_text(
--     phone_number_ciphertext, tenant_id, 'public.communication_logs', 'phone_number_ciphertext', communication_log_id
--     ) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and phone_number_hash is not null
--     order by created_at desc, communication_log_id limit 1
-- uses: communication_logs_phone_number_hash_idx (tenant_id, phone_number_hash)
-- needs: communication_logs_phone_number_hash_idx 5
select communication_log_id, phone_number, created_at
from public.find_communication_logs_by_phone_number(:tenant, :number)
