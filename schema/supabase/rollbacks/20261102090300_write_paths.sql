-- Locks: none on any table.
drop function public.queue_webhook_delivery(uuid, text, text, jsonb, text, uuid, integer);
drop function private.mention_pattern(text[]);
drop function public.log_communication(uuid, text, text, text, text, uuid, uuid, text, text, text, text, jsonb);
drop function public.map_slack_user(uuid, text, text, text, text, uuid, jsonb);
drop function public.connect_slack_workspace(uuid, text, text, text, text, text[], text);
