-- name: Labelling a number
-- requirement: 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- cases: small, largest
-- param number: select min(phone_number::text) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
-- uses: verified_whatsapp_numbers_live_phone_number_key (tenant_id, phone_number)
-- max_claim_reads: 6
update public.verified_whatsapp_numbers set label = 'Reception' where phone_number = :number
