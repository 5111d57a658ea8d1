-- Locks: ACCESS EXCLUSIVE on the views.
drop view public.decrypted_webhook_deliveries;
drop view public.decrypted_communication_logs;
drop view public.decrypted_slack_connections;
revoke execute on function private.decrypt_text(bytea, uuid, text, text, uuid) from service_role;
