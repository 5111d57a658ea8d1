-- name: Numbers verified of late
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null
-- param since: select percentile_disc(0.98) within group (order by created_at) from public.verified_whatsapp_numbers
--     where tenant_id = :tenant and deleted_at is null
-- uses: verified_whatsapp_numbers_created_at_idx (tenant_id, created_at)
-- needs: verified_whatsapp_numbers_created_at_idx 2
-- max_claim_reads: 3
-- max_discarded_per_row: 3
select *
from public.verified_whatsapp_numbers
where created_at >= :since
order by created_at desc
