-- Leaves the entries that were written.
-- Locks: ACCESS EXCLUSIVE on each audited table, briefly.
drop trigger audit_writes on private.jobs;
drop trigger audit_writes on private.encryption_keys;
drop trigger audit_deletes on public.usage_statistics;
drop trigger audit_soft_deletes on public.usage_statistics;
drop trigger audit_deletes on public.webhook_attempts;
drop trigger audit_soft_deletes on public.webhook_attempts;
drop trigger audit_deletes on public.webhook_deliveries;
drop trigger audit_soft_deletes on public.webhook_deliveries;
drop trigger audit_deletes on public.communication_logs;
drop trigger audit_soft_deletes on public.communication_logs;
drop trigger audit_deletes on public.slack_user_mappings;
drop trigger audit_writes on public.slack_user_mappings;
drop trigger audit_deletes on public.slack_connections;
drop trigger audit_writes on public.slack_connections;
drop trigger audit_deletes on public.whatsapp_verifications;
drop trigger audit_overrides on public.whatsapp_verifications;
drop trigger audit_locks on public.whatsapp_verifications;
drop trigger audit_requests on public.whatsapp_verifications;
drop trigger audit_soft_deletes on public.whatsapp_verifications;
drop trigger audit_deletes on public.verified_whatsapp_numbers;
drop trigger audit_writes on public.verified_whatsapp_numbers;
drop trigger audit_deletes on public.tenants;
drop trigger audit_writes on public.tenants;
drop function private.audit_deleted_rows();
drop function private.audit_row();
