-- name: Verified numbers, newest first
-- about: Names the tenant beside the policy: the planner does not know whom the token names, takes each for an average one,
--     and would read all of the largest one's rows for a page.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- uses: verified_whatsapp_numbers_created_at_idx (tenant_id)
-- plans: custom
-- max_claim_reads: 3
-- max_buffers: 150
select verified_whatsapp_number_id, phone_number, label, metadata, verified_at, created_at
from public.verified_whatsapp_numbers
where tenant_id = :tenant
order by created_at desc, verified_whatsapp_number_id desc
limit 50
