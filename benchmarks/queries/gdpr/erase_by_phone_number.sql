-- name: Erasure of what is held on a person
-- requirement: 8.6, 4.2
-- role: service_role
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- cases: small
-- param number: select min(phone_number::text) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_phone_number_hash_idx (tenant_id, phone_number_hash)
select public.erase_data_subject(:tenant, :number)
