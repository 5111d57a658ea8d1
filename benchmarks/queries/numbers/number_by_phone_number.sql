-- name: A number, by its digits
-- requirement: 4.1, 4.2
-- role: authenticated, service_role
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- param number: select min(phone_number::text) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
-- uses: verified_whatsapp_numbers_live_phone_number_key (tenant_id, phone_number)
-- needs: verified_whatsapp_numbers_live_phone_number_key 2
-- max_buffers: 10
select verified_whatsapp_number_id, phone_number, label, metadata, verified_at, created_at
from public.verified_whatsapp_numbers
where tenant_id = :tenant and phone_number = :number and deleted_at is null
