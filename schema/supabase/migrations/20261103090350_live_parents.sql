-- A row that is made live, or comes to refer to another one, needs that one to be live until it commits. The foreign
-- keys do not see to it: a soft deletion is an UPDATE of no key, which waits for no reference and holds none up.
-- After the write, so that row-level security and the foreign keys answer first, and what they refuse learns nothing here.
-- Restoring is no business of these triggers: public.restore looks after the parents of all that comes back.
-- Locks: SHARE ROW EXCLUSIVE on every table of public but public.tenants for its triggers, briefly.
create function private.require_live_parent()
returns trigger
language plpgsql
-- A member may not lock what it may not update.
security definer
set search_path = ''
as $$
declare
    parent constant regclass := tg_argv[0]::regclass;
    key constant name := tg_argv[1];
    referred constant uuid := to_jsonb(new) ->> key;
    locked bigint;
begin
    -- What refers to a row that was deleted since may still be written otherwise.
    if tg_op = 'UPDATE' and (old.tenant_id, to_jsonb(old) ->> key) = (new.tenant_id, to_jsonb(new) ->> key) then
        return null;
    end if;
    -- FOR SHARE waits for a deletion that is under way, and makes one that comes later wait, and take the new row along.
    execute format(
        'select from %s as p where p.tenant_id = $1 and p.%I = $2 and p.deleted_at is null for share', parent, key
    ) using new.tenant_id, referred;
    get diagnostics locked = row_count;
    if locked = 0 then
        raise exception 'tenant % has no live row % of %', new.tenant_id, referred, parent using
            errcode = 'SP002',
            hint = 'Restore it first.';
    end if;
    return null;
end
$$;

create trigger require_live_tenant after insert or update of tenant_id on public.verified_whatsapp_numbers
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_tenant after insert or update of tenant_id on public.whatsapp_verifications
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_tenant after insert or update of tenant_id on public.slack_connections
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_tenant after insert or update of tenant_id on public.slack_user_mappings
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_slack_connection after insert or update of tenant_id, slack_connection_id on public.slack_user_mappings
    for each row when (new.deleted_at is null and new.slack_connection_id is not null)
    execute function private.require_live_parent('public.slack_connections', 'slack_connection_id');
create trigger require_live_verified_whatsapp_number after insert or update of tenant_id, verified_whatsapp_number_id on public.slack_user_mappings
    for each row when (new.deleted_at is null and new.verified_whatsapp_number_id is not null)
    execute function private.require_live_parent('public.verified_whatsapp_numbers', 'verified_whatsapp_number_id');
create trigger require_live_tenant after insert or update of tenant_id on public.communication_logs
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_verified_whatsapp_number after insert or update of tenant_id, verified_whatsapp_number_id on public.communication_logs
    for each row when (new.deleted_at is null and new.verified_whatsapp_number_id is not null)
    execute function private.require_live_parent('public.verified_whatsapp_numbers', 'verified_whatsapp_number_id');
create trigger require_live_slack_connection after insert or update of tenant_id, slack_connection_id on public.communication_logs
    for each row when (new.deleted_at is null and new.slack_connection_id is not null)
    execute function private.require_live_parent('public.slack_connections', 'slack_connection_id');
create trigger require_live_tenant after insert or update of tenant_id on public.webhook_deliveries
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_communication_log after insert or update of tenant_id, communication_log_id on public.webhook_deliveries
    for each row when (new.deleted_at is null and new.communication_log_id is not null)
    execute function private.require_live_parent('public.communication_logs', 'communication_log_id');
create trigger require_live_tenant after insert or update of tenant_id on public.webhook_attempts
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');
create trigger require_live_webhook_delivery after insert or update of tenant_id, webhook_delivery_id on public.webhook_attempts
    for each row when (new.deleted_at is null and new.webhook_delivery_id is not null)
    execute function private.require_live_parent('public.webhook_deliveries', 'webhook_delivery_id');
create trigger require_live_tenant after insert or update of tenant_id on public.usage_statistics
    for each row when (new.deleted_at is null)
    execute function private.require_live_parent('public.tenants', 'tenant_id');

comment on function private.require_live_parent() is
    'Raises SP002 unless the row that the new one refers to is live, and keeps it so until the transaction ends.';
comment on trigger require_live_tenant on public.verified_whatsapp_numbers is 'Its tenant is live.';
comment on trigger require_live_tenant on public.whatsapp_verifications is 'Its tenant is live.';
comment on trigger require_live_tenant on public.slack_connections is 'Its tenant is live.';
comment on trigger require_live_tenant on public.slack_user_mappings is 'Its tenant is live.';
comment on trigger require_live_slack_connection on public.slack_user_mappings is 'Its connection is live.';
comment on trigger require_live_verified_whatsapp_number on public.slack_user_mappings is 'Its number is live.';
comment on trigger require_live_tenant on public.communication_logs is 'Its tenant is live.';
comment on trigger require_live_verified_whatsapp_number on public.communication_logs is 'Its number is live.';
comment on trigger require_live_slack_connection on public.communication_logs is 'Its connection is live.';
comment on trigger require_live_tenant on public.webhook_deliveries is 'Its tenant is live.';
comment on trigger require_live_communication_log on public.webhook_deliveries is 'Its message is live.';
comment on trigger require_live_tenant on public.webhook_attempts is 'Its tenant is live.';
comment on trigger require_live_webhook_delivery on public.webhook_attempts is 'Its delivery is live.';
comment on trigger require_live_tenant on public.usage_statistics is 'Its tenant is live.';
