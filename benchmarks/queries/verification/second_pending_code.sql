-- name: A second pending code of a number
-- about: A new request supersedes the pending code: two of one number can never be right at once.
-- requirement: 5.3, 4.2
-- role: service_role
-- tenant: public.whatsapp_verifications where deleted_at is null and status = 'pending'
-- cases: largest
-- param number: select min(phone_number::text) from public.whatsapp_verifications
--     where tenant_id = :tenant and deleted_at is null and status = 'pending'
-- refused: 23505 whatsapp_verifications_pending_phone_number_key
insert into public.whatsapp_verifications (tenant_id, phone_number, code_hash, key_version)
values (:tenant, :number, decode(repeat('00', 32), 'hex'), 2)
