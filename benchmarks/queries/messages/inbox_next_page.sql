-- name: Inbox, next page
-- about: The next page begins where the one before ended (keyset), so that the hundredth is as quick as the first.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null
-- param before: select percentile_disc(0.5) within group (order by created_at) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- param last: select max(communication_log_id::text) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_created_at_idx (tenant_id, created_at)
-- max_buffers: 300
-- max_claim_reads: 3
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where (created_at, communication_log_id) < (:before, :last)
order by created_at desc, communication_log_id desc
limit 50
