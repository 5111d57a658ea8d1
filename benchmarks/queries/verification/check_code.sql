-- name: Checking a code, wrongly
-- requirement: 8.2, 4.2
-- role: service_role
-- tenant: public.whatsapp_verifications where deleted_at is null and status = 'pending'
-- param number: select phone_number from public.whatsapp_verifications
--     where tenant_id = :tenant and deleted_at is null and status = 'pending' order by 1 limit 1
-- uses: whatsapp_verifications_pending_phone_number_key (tenant_id, phone_number)
select public.check_verification_code(:tenant, :number, 'none')
