-- name: Messages of a Slack user
-- requirement: 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null and slack_user_id is not null
-- param user: select slack_user_id from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and slack_user_id is not null
--     group by 1 order by count(*) desc, 1 limit 1
-- param workspace: select workspace_id from public.communication_logs
--     where tenant_id = :tenant and slack_user_id = :user limit 1
-- uses: communication_logs_slack_user_id_idx (tenant_id, slack_user_id)
-- max_buffers: 150
-- needs: communication_logs_slack_user_id_idx 2
select communication_log_id, channel, direction, status, workspace_id, slack_user_id, body, metadata, created_at
from public.communication_logs
where workspace_id = :workspace and slack_user_id = :user
order by created_at desc
limit 50
