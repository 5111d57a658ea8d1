-- name: Inbox, first page
-- about: A member opens the inbox.
-- requirement: 4.1, 4.2, 3.1
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null
-- uses: communication_logs_created_at_idx (tenant_id)
-- needs: communication_logs_created_at_idx 2
-- max_buffers: 300
-- max_claim_reads: 3
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
order by created_at desc, communication_log_id desc
limit 50
