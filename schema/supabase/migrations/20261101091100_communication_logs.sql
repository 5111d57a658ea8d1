-- Every message that was sent or received, over either channel. A phone number is here only encrypted.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants, public.verified_whatsapp_numbers, public.slack_connections and
-- private.encryption_keys for the foreign keys, briefly.
create table public.communication_logs (
    tenant_id uuid not null,
    communication_log_id uuid not null default gen_random_uuid(),
    channel text not null,
    direction text not null,
    status text not null,
    verified_whatsapp_number_id uuid,
    phone_number_ciphertext private.ciphertext,
    phone_number_hash private.keyed_hash,
    key_version integer,
    slack_connection_id uuid,
    workspace_id text,
    slack_user_id text,
    provider_message_id text,
    body text,
    error_code text,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint communication_logs_pkey primary key (tenant_id, communication_log_id),
    -- A log is nothing without its tenant.
    constraint communication_logs_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    -- That a message was sent stays true when the number or the connection it went through is gone.
    constraint communication_logs_verified_whatsapp_numbers_fkey foreign key (tenant_id, verified_whatsapp_number_id)
        references public.verified_whatsapp_numbers (tenant_id, verified_whatsapp_number_id)
        on delete set null (verified_whatsapp_number_id) on update restrict,
    constraint communication_logs_slack_connections_fkey foreign key (tenant_id, workspace_id, slack_connection_id)
        references public.slack_connections (tenant_id, workspace_id, slack_connection_id)
        on delete set null (slack_connection_id) on update restrict,
    -- A key that a number needs must not go.
    constraint communication_logs_encryption_keys_fkey foreign key (key_version)
        references private.encryption_keys (key_version) on delete restrict on update restrict,
    constraint channel_is_known check (channel in ('whatsapp', 'slack')),
    constraint direction_is_known check (direction in ('inbound', 'outbound')),
    constraint status_is_known check (status in ('queued', 'sent', 'delivered', 'read', 'failed', 'received')),
    -- A NULL workspace would switch the foreign key off, so it is there whenever the message is Slack's.
    constraint slack_messages_have_a_workspace check ((channel = 'slack') = (workspace_id is not null)),
    constraint whatsapp_messages_have_nothing_of_slack check (
        channel <> 'whatsapp' or num_nonnulls(slack_connection_id, slack_user_id) = 0
    ),
    constraint slack_messages_have_nothing_of_whatsapp check (
        channel <> 'slack' or num_nonnulls(verified_whatsapp_number_id, phone_number_ciphertext) = 0
    ),
    constraint phone_number_is_whole check (
        num_nonnulls(phone_number_ciphertext, phone_number_hash, key_version) in (0, 3)
    ),
    constraint phone_number_names_its_key check (
        substring(phone_number_ciphertext from 2 for 4) = int4send(key_version)
    ),
    constraint phone_number_has_at_most_2_blocks check (octet_length(phone_number_ciphertext) <= 85),
    constraint workspace_id_is_of_slacks_form check (workspace_id ~ '^[ET][A-Z0-9]{2,20}$'),
    constraint slack_user_id_is_of_slacks_form check (slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'),
    constraint provider_message_id_has_1_to_255_characters check (char_length(provider_message_id) between 1 and 255),
    constraint body_has_at_most_4096_characters check (char_length(body) <= 4096),
    constraint error_code_has_1_to_100_characters check (char_length(error_code) between 1 and 100),
    constraint metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
    constraint metadata_has_at_most_16_kilobytes check (octet_length(metadata::text) <= 16384),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index communication_logs_provider_message_id_key
    on public.communication_logs (provider_message_id, tenant_id, channel)
    where provider_message_id is not null and deleted_at is null;
create index communication_logs_created_at_idx on public.communication_logs (tenant_id, created_at);
create index communication_logs_phone_number_hash_idx
    on public.communication_logs (tenant_id, phone_number_hash) where phone_number_hash is not null;
create index communication_logs_slack_user_id_idx
    on public.communication_logs (tenant_id, slack_user_id) where slack_user_id is not null;
create index communication_logs_verified_whatsapp_number_id_idx
    on public.communication_logs (tenant_id, verified_whatsapp_number_id)
    where verified_whatsapp_number_id is not null;
create index communication_logs_slack_connection_id_idx
    on public.communication_logs (tenant_id, workspace_id, slack_connection_id)
    where slack_connection_id is not null;
create index communication_logs_key_version_idx
    on public.communication_logs (key_version) where key_version is not null;
create index communication_logs_metadata_idx
    on public.communication_logs using gin (metadata jsonb_path_ops) where deleted_at is null;
create index communication_logs_deleted_at_idx
    on public.communication_logs (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.communication_logs
    for each row execute function private.set_updated_at();

alter table public.communication_logs enable row level security;
alter table public.communication_logs force row level security;

create policy select_member on public.communication_logs
    for select to authenticated
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
create policy insert_member on public.communication_logs
    for insert to authenticated
    with check (false);
create policy update_member on public.communication_logs
    for update to authenticated
    using (false)
    with check (false);
create policy delete_member on public.communication_logs
    for delete to authenticated
    using (false);

revoke all on table public.communication_logs from public, anon, authenticated, service_role;
grant select (
    tenant_id, communication_log_id, channel, direction, status, verified_whatsapp_number_id, slack_connection_id,
    workspace_id, slack_user_id, body, error_code, metadata, created_at, updated_at, deleted_at
) on table public.communication_logs to authenticated;
grant select, insert, update, delete on table public.communication_logs to service_role;

comment on table public.communication_logs is
    'Messages sent and received. Kept for the tenant''s retention, then removed for good, soft-deleted or not.';
comment on column public.communication_logs.tenant_id is 'The tenant whose message it is.';
comment on column public.communication_logs.communication_log_id is 'The row, within its tenant.';
comment on column public.communication_logs.channel is 'whatsapp or slack.';
comment on column public.communication_logs.direction is 'inbound or outbound.';
comment on column public.communication_logs.status is 'How far the message got.';
comment on column public.communication_logs.verified_whatsapp_number_id is
    'The tenant''s number that it went through; NULL once that number is gone for good.';
comment on column public.communication_logs.phone_number_ciphertext is
    'Personal: the other side''s phone number, encrypted; NULL for Slack and after erasure.';
comment on column public.communication_logs.phone_number_hash is
    'Secret: keyed hash of the phone number, for exact look-ups. Keyed, since all numbers are soon hashed.';
comment on column public.communication_logs.key_version is
    'Version of the key of phone_number_ciphertext and phone_number_hash.';
comment on column public.communication_logs.slack_connection_id is
    'The connection that it went through; NULL once that connection is gone for good.';
comment on column public.communication_logs.workspace_id is 'The Slack workspace, for the policies; stays.';
comment on column public.communication_logs.slack_user_id is 'Personal: the other side''s Slack user.';
comment on column public.communication_logs.provider_message_id is
    'Personal: WhatsApp''s or Slack''s id of the message; WhatsApp''s contains the phone number in base64.';
comment on column public.communication_logs.body is 'Personal: the text of the message.';
comment on column public.communication_logs.error_code is 'The provider''s code of why it failed.';
comment on column public.communication_logs.metadata is 'Personal: the tenant''s own attributes of the message.';
comment on column public.communication_logs.created_at is 'When the message was logged; retention counts from it.';
comment on column public.communication_logs.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.communication_logs.deleted_at is 'When the log was soft-deleted; NULL: live.';
comment on column public.communication_logs.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.communication_logs_provider_message_id_key is
    'A message is logged once; finds the log that a provider''s callback is about, before its tenant is known.';
comment on index public.communication_logs_created_at_idx is
    'Lists a tenant''s messages of a time; finds those past its retention, soft-deleted ones included, so not partial.';
comment on index public.communication_logs_phone_number_hash_idx is 'Finds the messages of a phone number.';
comment on index public.communication_logs_slack_user_id_idx is 'Finds the messages of a Slack user.';
comment on index public.communication_logs_verified_whatsapp_number_id_idx is
    'Lists a number''s messages, and lets go of it.';
comment on index public.communication_logs_slack_connection_id_idx is
    'Lists a workspace''s messages, and lets go of its connection.';
comment on index public.communication_logs_key_version_idx is
    'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';
comment on index public.communication_logs_metadata_idx is
    'Finds messages by metadata; for service_role and definer functions, since @> is not leakproof.';
comment on index public.communication_logs_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.communication_logs is 'Keeps updated_at.';
comment on policy select_member on public.communication_logs is
    'A member reads the tenant''s live logs, only the claimed workspace''s if the token names one; by column grants '
    'neither phone number nor provider''s id.';
comment on policy insert_member on public.communication_logs is 'No member inserts; service_role logs what it sends.';
comment on policy update_member on public.communication_logs is 'No member updates: a log says what was.';
comment on policy delete_member on public.communication_logs is
    'Nobody deletes as a member; deleting is soft, by function.';
