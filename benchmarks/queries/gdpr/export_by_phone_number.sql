-- name: Export of what is held on a person
-- requirement: 8.6, 4.2
-- role: service_role
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- cases: small, largest
-- param number: select min(phone_number::text) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_phone_number_hash_idx (tenant_id, phone_number_hash)
-- uses: webhook_deliveries_communication_log_id_idx (tenant_id, communication_log_id)
select public.export_data_subject(:tenant, :number)
