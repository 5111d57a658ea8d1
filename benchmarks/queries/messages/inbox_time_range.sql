-- name: Messages of a week
-- about: A member looks at one week, a page at a time.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null
-- param until: select max(created_at) from public.communication_logs where tenant_id = :tenant and deleted_at is null
-- param since: select :until::timestamptz - interval '7 days'
-- uses: communication_logs_created_at_idx (tenant_id, created_at)
-- max_buffers: 300
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where created_at >= :since and created_at <= :until
order by created_at desc
limit 100
