-- A page of a number's, a connection's or a Slack user's messages is read from the index, newest first, where all of
-- them were read and sorted for it; and a day's deliveries are counted by their day, where all of a tenant's were
-- read, since the index left out those that are deleted softly.
-- Locks: ACCESS EXCLUSIVE on public.communication_logs and public.webhook_deliveries while the indexes are built:
-- minutes on a large table, where they are to be built CONCURRENTLY before.
drop index public.webhook_deliveries_created_at_idx;
drop index public.communication_logs_verified_whatsapp_number_id_idx;
drop index public.communication_logs_slack_connection_id_idx;
drop index public.communication_logs_slack_user_id_idx;

create index webhook_deliveries_created_at_idx
    on public.webhook_deliveries (tenant_id, created_at);
create index communication_logs_verified_whatsapp_number_id_idx
    on public.communication_logs (tenant_id, verified_whatsapp_number_id, created_at)
    where verified_whatsapp_number_id is not null;
create index communication_logs_slack_connection_id_idx
    on public.communication_logs (tenant_id, workspace_id, slack_connection_id, created_at)
    where slack_connection_id is not null;
create index communication_logs_slack_user_id_idx
    on public.communication_logs (tenant_id, slack_user_id, created_at)
    where slack_user_id is not null;

comment on index public.webhook_deliveries_created_at_idx is
    'Lists a tenant''s deliveries, newest first, and counts a day''s, soft-deleted ones included, so not partial.';
comment on index public.communication_logs_verified_whatsapp_number_id_idx is
    'Lists a number''s messages, newest first, and lets go of it.';
comment on index public.communication_logs_slack_connection_id_idx is
    'Lists a connection''s messages, newest first, and lets go of it.';
comment on index public.communication_logs_slack_user_id_idx is 'Finds the messages of a Slack user, newest first.';
