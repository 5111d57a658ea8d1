-- Locks: ACCESS EXCLUSIVE on every table of public but public.tenants for its triggers, briefly.
drop trigger require_live_tenant on public.usage_statistics;
drop trigger require_live_webhook_delivery on public.webhook_attempts;
drop trigger require_live_tenant on public.webhook_attempts;
drop trigger require_live_communication_log on public.webhook_deliveries;
drop trigger require_live_tenant on public.webhook_deliveries;
drop trigger require_live_slack_connection on public.communication_logs;
drop trigger require_live_verified_whatsapp_number on public.communication_logs;
drop trigger require_live_tenant on public.communication_logs;
drop trigger require_live_verified_whatsapp_number on public.slack_user_mappings;
drop trigger require_live_slack_connection on public.slack_user_mappings;
drop trigger require_live_tenant on public.slack_user_mappings;
drop trigger require_live_tenant on public.slack_connections;
drop trigger require_live_tenant on public.whatsapp_verifications;
drop trigger require_live_tenant on public.verified_whatsapp_numbers;
drop function private.require_live_parent();
