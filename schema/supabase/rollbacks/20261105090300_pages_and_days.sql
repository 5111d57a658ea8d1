-- Locks: ACCESS EXCLUSIVE on public.communication_logs and public.webhook_deliveries while the indexes are built.
drop index public.webhook_deliveries_created_at_idx;
drop index public.communication_logs_verified_whatsapp_number_id_idx;
drop index public.communication_logs_slack_connection_id_idx;
drop index public.communication_logs_slack_user_id_idx;

create index webhook_deliveries_created_at_idx
    on public.webhook_deliveries (tenant_id, created_at)
    where deleted_at is null;
create index communication_logs_verified_whatsapp_number_id_idx
    on public.communication_logs (tenant_id, verified_whatsapp_number_id)
    where verified_whatsapp_number_id is not null;
create index communication_logs_slack_connection_id_idx
    on public.communication_logs (tenant_id, workspace_id, slack_connection_id)
    where slack_connection_id is not null;
create index communication_logs_slack_user_id_idx
    on public.communication_logs (tenant_id, slack_user_id)
    where slack_user_id is not null;

comment on index public.webhook_deliveries_created_at_idx is 'Lists a tenant''s deliveries, newest first.';
comment on index public.communication_logs_verified_whatsapp_number_id_idx is
    'Lists a number''s messages, and lets go of it.';
comment on index public.communication_logs_slack_connection_id_idx is
    'Lists a workspace''s messages, and lets go of its connection.';
comment on index public.communication_logs_slack_user_id_idx is 'Finds the messages of a Slack user.';
