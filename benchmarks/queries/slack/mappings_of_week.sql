-- name: People mapped of late
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.slack_user_mappings where deleted_at is null
-- param since: select percentile_disc(0.98) within group (order by created_at) from public.slack_user_mappings
--     where tenant_id = :tenant and deleted_at is null
-- uses: slack_user_mappings_created_at_idx (tenant_id, created_at)
-- needs: slack_user_mappings_created_at_idx 2
-- max_claim_reads: 3
-- max_discarded_per_row: 3
select *
from public.slack_user_mappings
where created_at >= :since
order by created_at desc
