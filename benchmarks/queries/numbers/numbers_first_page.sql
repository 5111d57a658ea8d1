-- name: Verified numbers, newest first
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- uses: verified_whatsapp_numbers_created_at_idx (tenant_id)
-- max_claim_reads: 3
-- max_buffers: 200
select verified_whatsapp_number_id, phone_number, label, metadata, verified_at, created_at
from public.verified_whatsapp_numbers
order by created_at desc, verified_whatsapp_number_id desc
limit 50
