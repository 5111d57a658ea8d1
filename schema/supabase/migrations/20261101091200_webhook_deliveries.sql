-- Events that are delivered to a tenant's endpoint, until it takes them or the retries are spent.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants, public.communication_logs and private.encryption_keys for the foreign
-- keys, briefly.
create table public.webhook_deliveries (
    tenant_id uuid not null,
    webhook_delivery_id uuid not null default gen_random_uuid(),
    communication_log_id uuid,
    event_type text not null,
    endpoint_url text not null,
    payload jsonb not null,
    signature_ciphertext private.ciphertext not null,
    key_version integer not null,
    status text not null default 'pending',
    attempts smallint not null default 0,
    max_attempts smallint not null default 8,
    next_attempt_at timestamptz default now(),
    finished_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint webhook_deliveries_pkey primary key (tenant_id, webhook_delivery_id),
    -- A delivery is nothing without its tenant.
    constraint webhook_deliveries_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    -- The payload repeats the message: what retention or erasure removes must not live on in a queue.
    constraint webhook_deliveries_communication_logs_fkey foreign key (tenant_id, communication_log_id)
        references public.communication_logs (tenant_id, communication_log_id)
        on delete cascade on update restrict,
    -- A key that a signature needs must not go.
    constraint webhook_deliveries_encryption_keys_fkey foreign key (key_version)
        references private.encryption_keys (key_version) on delete restrict on update restrict,
    constraint event_type_is_known check (
        event_type in (
            'message.sent', 'message.delivered', 'message.read', 'message.failed', 'message.received',
            'number.verified', 'workspace.connected', 'workspace.disconnected'
        )
    ),
    -- No user:password@ before the host: the signature is what the endpoint trusts.
    constraint endpoint_url_is_https_without_credentials check (
        char_length(endpoint_url) <= 2048 and endpoint_url ~ '^https://[^[:space:]/?#@]+([/?#][^[:space:]]*)?$'
    ),
    constraint payload_is_an_object check (jsonb_typeof(payload) = 'object'),
    constraint payload_has_at_most_64_kilobytes check (octet_length(payload::text) <= 65536),
    constraint signature_names_its_key check (substring(signature_ciphertext from 2 for 4) = int4send(key_version)),
    constraint signature_has_at_most_1_kilobyte check (octet_length(signature_ciphertext) <= 1077),
    constraint status_is_known check (status in ('pending', 'delivered', 'exhausted')),
    constraint attempts_are_within_their_maximum check (attempts between 0 and max_attempts),
    constraint max_attempts_are_1_to_20 check (max_attempts between 1 and 20),
    constraint exhausted_deliveries_have_spent_their_attempts check (status <> 'exhausted' or attempts = max_attempts),
    constraint pending_deliveries_have_a_next_attempt check ((status = 'pending') = (next_attempt_at is not null)),
    constraint finished_deliveries_have_their_time check ((status = 'pending') = (finished_at is null)),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create index webhook_deliveries_next_attempt_at_idx
    on public.webhook_deliveries (next_attempt_at) where status = 'pending' and deleted_at is null;
create index webhook_deliveries_finished_at_idx
    on public.webhook_deliveries (finished_at) where finished_at is not null;
create index webhook_deliveries_created_at_idx
    on public.webhook_deliveries (tenant_id, created_at) where deleted_at is null;
create index webhook_deliveries_communication_log_id_idx
    on public.webhook_deliveries (tenant_id, communication_log_id) where communication_log_id is not null;
create index webhook_deliveries_key_version_idx on public.webhook_deliveries (key_version);
create index webhook_deliveries_deleted_at_idx
    on public.webhook_deliveries (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.webhook_deliveries
    for each row execute function private.set_updated_at();

alter table public.webhook_deliveries enable row level security;
alter table public.webhook_deliveries force row level security;

create policy select_member on public.webhook_deliveries
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.webhook_deliveries
    for insert to authenticated
    with check (false);
create policy update_member on public.webhook_deliveries
    for update to authenticated
    using (false)
    with check (false);
create policy delete_member on public.webhook_deliveries
    for delete to authenticated
    using (false);

revoke all on table public.webhook_deliveries from public, anon, authenticated, service_role;
grant select (
    tenant_id, webhook_delivery_id, communication_log_id, event_type, endpoint_url, status, attempts, max_attempts,
    next_attempt_at, finished_at, created_at, updated_at, deleted_at
) on table public.webhook_deliveries to authenticated;
grant select, insert, update, delete on table public.webhook_deliveries to service_role;

comment on table public.webhook_deliveries is 'Events for a tenant''s endpoint, with the state of their retries.';
comment on column public.webhook_deliveries.tenant_id is 'The tenant whose endpoint it is.';
comment on column public.webhook_deliveries.webhook_delivery_id is 'The row, within its tenant.';
comment on column public.webhook_deliveries.communication_log_id is 'The message that the event is about, if it is.';
comment on column public.webhook_deliveries.event_type is 'What happened.';
comment on column public.webhook_deliveries.endpoint_url is 'Where it goes, without credentials.';
comment on column public.webhook_deliveries.payload is
    'Personal: what is sent; it repeats the message, but not its phone number, which the log has encrypted.';
comment on column public.webhook_deliveries.signature_ciphertext is 'Secret: the signature of the payload, encrypted.';
comment on column public.webhook_deliveries.key_version is 'Version of the key of signature_ciphertext.';
comment on column public.webhook_deliveries.status is
    'pending: to be tried; delivered: the endpoint took it; exhausted: the retries are spent.';
comment on column public.webhook_deliveries.attempts is 'Tries so far; each is a row of webhook_attempts.';
comment on column public.webhook_deliveries.max_attempts is 'Tries after which it is given up.';
comment on column public.webhook_deliveries.next_attempt_at is
    'When it is to be tried next; a worker moves it ahead while it tries. NULL once finished.';
comment on column public.webhook_deliveries.finished_at is 'When it was delivered or given up.';
comment on column public.webhook_deliveries.created_at is 'When the event was queued.';
comment on column public.webhook_deliveries.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.webhook_deliveries.deleted_at is 'When the delivery was soft-deleted; NULL: live.';
comment on column public.webhook_deliveries.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.webhook_deliveries_next_attempt_at_idx is 'Finds what is due, for the workers.';
comment on index public.webhook_deliveries_finished_at_idx is 'Finds what is spent, for the cleanup.';
comment on index public.webhook_deliveries_created_at_idx is 'Lists a tenant''s deliveries, newest first.';
comment on index public.webhook_deliveries_communication_log_id_idx is
    'Lists a message''s deliveries, and deletes with it.';
comment on index public.webhook_deliveries_key_version_idx is
    'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';
comment on index public.webhook_deliveries_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.webhook_deliveries is 'Keeps updated_at.';
comment on policy select_member on public.webhook_deliveries is
    'A member sees how the tenant''s deliveries fare, but by column grants neither payload nor signature.';
comment on policy insert_member on public.webhook_deliveries is 'No member inserts; service_role queues events.';
comment on policy update_member on public.webhook_deliveries is 'No member updates; the workers are service_role.';
comment on policy delete_member on public.webhook_deliveries is
    'Nobody deletes as a member; deleting is soft, by function.';
