-- name: Deleting a number softly
-- requirement: 6.1, 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- cases: small, largest
-- param id: select min(verified_whatsapp_number_id::text) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
select public.soft_delete('verified_whatsapp_numbers', :id)
