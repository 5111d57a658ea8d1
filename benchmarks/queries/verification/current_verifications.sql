-- name: Verifications, newest first
-- requirement: 4.1, 4.2, 5.3
-- role: authenticated
-- tenant: public.whatsapp_verifications where deleted_at is null
-- uses: whatsapp_verifications_created_at_idx (tenant_id)
-- needs: whatsapp_verifications_created_at_idx 2
-- max_claim_reads: 3
select whatsapp_verification_id, phone_number, status, expires_at, created_at
from public.current_verifications
order by created_at desc
limit 20
