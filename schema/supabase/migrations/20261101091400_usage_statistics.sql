-- What a tenant used, by day. A durable aggregate: the rows that it counts are removed by retention, it stays.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants for the foreign key, briefly.
create table public.usage_statistics (
    tenant_id uuid not null,
    usage_statistic_id uuid not null default gen_random_uuid(),
    day date not null,
    whatsapp_messages bigint not null default 0,
    slack_messages bigint not null default 0,
    failed_messages bigint not null default 0,
    verifications_requested bigint not null default 0,
    verifications_succeeded bigint not null default 0,
    webhooks_delivered bigint not null default 0,
    webhooks_exhausted bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint usage_statistics_pkey primary key (tenant_id, usage_statistic_id),
    -- Statistics are nothing without their tenant.
    constraint usage_statistics_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    constraint counts_are_not_negative check (
        least(
            whatsapp_messages, slack_messages, failed_messages, verifications_requested, verifications_succeeded,
            webhooks_delivered, webhooks_exhausted
        ) >= 0
    ),
    constraint failed_messages_are_among_the_messages check (failed_messages <= whatsapp_messages + slack_messages),
    constraint successes_are_among_the_requests check (verifications_succeeded <= verifications_requested),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index usage_statistics_live_day_key
    on public.usage_statistics (tenant_id, day) where deleted_at is null;
create index usage_statistics_deleted_at_idx
    on public.usage_statistics (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.usage_statistics
    for each row execute function private.set_updated_at();

alter table public.usage_statistics enable row level security;
alter table public.usage_statistics force row level security;

create policy select_member on public.usage_statistics
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.usage_statistics
    for insert to authenticated
    with check (false);
create policy update_member on public.usage_statistics
    for update to authenticated
    using (false)
    with check (false);
create policy delete_member on public.usage_statistics
    for delete to authenticated
    using (false);

revoke all on table public.usage_statistics from public, anon, authenticated, service_role;
grant select on table public.usage_statistics to authenticated;
grant select, insert, update, delete on table public.usage_statistics to service_role;

comment on table public.usage_statistics is 'Usage of a tenant, by day.';
comment on column public.usage_statistics.tenant_id is 'The tenant whose usage it is.';
comment on column public.usage_statistics.usage_statistic_id is 'The row, within its tenant.';
comment on column public.usage_statistics.day is 'The day, in UTC, of created_at of what is counted.';
comment on column public.usage_statistics.whatsapp_messages is 'WhatsApp messages logged, of either direction.';
comment on column public.usage_statistics.slack_messages is 'Slack messages logged, of either direction.';
comment on column public.usage_statistics.failed_messages is 'Messages of either channel that failed.';
comment on column public.usage_statistics.verifications_requested is 'Verification codes requested.';
comment on column public.usage_statistics.verifications_succeeded is 'Of those, codes that were given right.';
comment on column public.usage_statistics.webhooks_delivered is 'Webhook deliveries that the endpoint took.';
comment on column public.usage_statistics.webhooks_exhausted is 'Webhook deliveries given up.';
comment on column public.usage_statistics.created_at is 'When the day was first counted.';
comment on column public.usage_statistics.updated_at is 'When the day was last counted; kept by a trigger.';
comment on column public.usage_statistics.deleted_at is 'When its tenant was soft-deleted; NULL: live.';
comment on column public.usage_statistics.deletion_id is 'The deletion of its tenant.';
comment on index public.usage_statistics_live_day_key is 'A day is counted once a tenant; sums a tenant''s period.';
comment on index public.usage_statistics_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.usage_statistics is 'Keeps updated_at.';
comment on policy select_member on public.usage_statistics is 'A member reads the tenant''s usage.';
comment on policy insert_member on public.usage_statistics is 'No member inserts; a job counts.';
comment on policy update_member on public.usage_statistics is 'No member updates; a job counts.';
comment on policy delete_member on public.usage_statistics is
    'Nobody deletes as a member; statistics are deleted softly, with the tenant.';
