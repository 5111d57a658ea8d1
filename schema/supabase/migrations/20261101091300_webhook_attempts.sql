-- Each try of a webhook delivery and what the endpoint said.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants and public.webhook_deliveries for the foreign keys, briefly.
create table public.webhook_attempts (
    tenant_id uuid not null,
    webhook_delivery_id uuid not null,
    attempt_number smallint not null,
    response_status smallint,
    error_message text,
    duration_ms integer not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint webhook_attempts_pkey primary key (tenant_id, webhook_delivery_id, attempt_number),
    -- An attempt is nothing without its tenant, nor without its delivery.
    constraint webhook_attempts_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    constraint webhook_attempts_webhook_deliveries_fkey foreign key (tenant_id, webhook_delivery_id)
        references public.webhook_deliveries (tenant_id, webhook_delivery_id)
        on delete cascade on update restrict,
    constraint attempt_number_is_1_to_20 check (attempt_number between 1 and 20),
    constraint response_status_is_of_http check (response_status between 100 and 599),
    constraint error_message_has_at_most_1000_characters check (char_length(error_message) <= 1000),
    constraint attempts_have_an_outcome check (num_nonnulls(response_status, error_message) > 0),
    constraint duration_ms_is_not_negative check (duration_ms >= 0),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create index webhook_attempts_deleted_at_idx
    on public.webhook_attempts (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.webhook_attempts
    for each row execute function private.set_updated_at();

alter table public.webhook_attempts enable row level security;
alter table public.webhook_attempts force row level security;

create policy select_member on public.webhook_attempts
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.webhook_attempts
    for insert to authenticated
    with check (false);
create policy update_member on public.webhook_attempts
    for update to authenticated
    using (false)
    with check (false);
create policy delete_member on public.webhook_attempts
    for delete to authenticated
    using (false);

revoke all on table public.webhook_attempts from public, anon, authenticated, service_role;
grant select on table public.webhook_attempts to authenticated;
grant select, insert, update, delete on table public.webhook_attempts to service_role;

comment on table public.webhook_attempts is 'Tries of webhook deliveries.';
comment on column public.webhook_attempts.tenant_id is 'The tenant whose endpoint was tried.';
comment on column public.webhook_attempts.webhook_delivery_id is 'The delivery that was tried.';
comment on column public.webhook_attempts.attempt_number is 'The how-manieth try of the delivery, from 1.';
comment on column public.webhook_attempts.response_status is 'HTTP status of the answer; NULL: there was none.';
comment on column public.webhook_attempts.error_message is
    'Personal: what went wrong, as the HTTP client or the endpoint told; it may quote the payload.';
comment on column public.webhook_attempts.duration_ms is 'Milliseconds until the answer or the failure.';
comment on column public.webhook_attempts.created_at is 'When the try ended.';
comment on column public.webhook_attempts.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.webhook_attempts.deleted_at is 'When its delivery was soft-deleted; NULL: live.';
comment on column public.webhook_attempts.deletion_id is 'The deletion of its delivery.';
comment on index public.webhook_attempts_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.webhook_attempts is 'Keeps updated_at.';
comment on policy select_member on public.webhook_attempts is 'A member sees what the tenant''s endpoint answered.';
comment on policy insert_member on public.webhook_attempts is 'No member inserts; the workers are service_role.';
comment on policy update_member on public.webhook_attempts is 'No member updates: an attempt says what was.';
comment on policy delete_member on public.webhook_attempts is
    'Nobody deletes as a member; deleting is soft, with the delivery.';
