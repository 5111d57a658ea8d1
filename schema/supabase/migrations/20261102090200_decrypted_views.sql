-- What is encrypted, in the clear, for service_role alone: the back end sends messages with the tokens, answers to the
-- numbers and signs with the signatures. Members have no use for any of them, so that a stolen member's token tells none.
-- With the caller's rights: that service_role may call decrypt_text is of use in these views only, since it may not use
-- the schema private and so cannot name the function; and a ciphertext opens only as the column and row it was made for.
-- Locks: ACCESS SHARE on the tables, briefly.
grant execute on function private.decrypt_text(bytea, uuid, text, text, uuid) to service_role;

create view public.decrypted_slack_connections with (security_invoker = true) as
select
    c.tenant_id,
    c.slack_connection_id,
    c.workspace_id,
    c.workspace_name,
    c.bot_user_id,
    private.decrypt_text(
        c.bot_token_ciphertext, c.tenant_id, 'public.slack_connections', 'bot_token_ciphertext', c.slack_connection_id
    ) as bot_token,
    c.scopes,
    c.default_channel_id,
    c.status,
    c.created_at,
    c.updated_at
from public.slack_connections as c
where c.deleted_at is null;

create view public.decrypted_communication_logs with (security_invoker = true) as
select
    l.tenant_id,
    l.communication_log_id,
    l.channel,
    l.direction,
    l.status,
    l.verified_whatsapp_number_id,
    private.decrypt_text(
        l.phone_number_ciphertext, l.tenant_id, 'public.communication_logs', 'phone_number_ciphertext',
        l.communication_log_id
    ) as phone_number,
    l.slack_connection_id,
    l.workspace_id,
    l.slack_user_id,
    l.provider_message_id,
    l.body,
    l.error_code,
    l.metadata,
    l.created_at,
    l.updated_at
from public.communication_logs as l
where l.deleted_at is null;

create view public.decrypted_webhook_deliveries with (security_invoker = true) as
select
    d.tenant_id,
    d.webhook_delivery_id,
    d.communication_log_id,
    d.event_type,
    d.endpoint_url,
    d.payload,
    private.decrypt_text(
        d.signature_ciphertext, d.tenant_id, 'public.webhook_deliveries', 'signature_ciphertext', d.webhook_delivery_id
    ) as signature,
    d.status,
    d.attempts,
    d.max_attempts,
    d.next_attempt_at,
    d.finished_at,
    d.created_at,
    d.updated_at
from public.webhook_deliveries as d
where d.deleted_at is null;

grant select on table
    public.decrypted_slack_connections, public.decrypted_communication_logs, public.decrypted_webhook_deliveries
to service_role;

comment on view public.decrypted_slack_connections is 'Live connections with their bot token, for service_role.';
comment on view public.decrypted_communication_logs is
    'Live messages with the other side''s phone number, for service_role; by number: find_communication_logs_by_phone_number.';
comment on view public.decrypted_webhook_deliveries is 'Live deliveries with their signature, for service_role.';
