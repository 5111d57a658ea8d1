-- Who audits itself: the rows of every table of tenants' data, the keys and the jobs.
-- All ALWAYS, since `postgres` may set session_replication_role to replica, which skips ordinary triggers.
-- Locks: SHARE ROW EXCLUSIVE on each of these tables, briefly.

-- Arguments: the column of the row's id (none: the entry names no row), and the action where it is a special one.
create function private.audit_row()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
    before constant jsonb := to_jsonb(old);
    after constant jsonb := to_jsonb(new);
    present constant jsonb := coalesce(after, before);
    changed text[] := '{}';
    action text := coalesce(tg_argv[1], lower(tg_op));
begin
    if tg_op = 'UPDATE' then
        -- updated_at changes with every update and would make an entry of one that changes nothing.
        select coalesce(array_agg(c.key order by c.key), '{}') into changed
        from jsonb_each(after) as c
        where c.key <> 'updated_at' and c.value is distinct from before -> c.key;
        if changed = '{}' then
            return null;
        end if;
        if old.deleted_at is distinct from new.deleted_at then
            action := case when new.deleted_at is null then 'restore' else 'soft_delete' end;
        end if;
    end if;
    -- Not by private.audit: this is on the way of every code that is checked.
    insert into private.audit_logs (tenant_id, actor_role, actor_id, action, table_name, row_id, changed_columns)
    values (
        coalesce((present ->> 'tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
        private.request_role(),
        private.request_subject(),
        action,
        tg_table_schema || '.' || tg_table_name,
        present ->> tg_argv[0],
        changed
    );
    return null;
end
$$;

-- By statement, so that what a job removes by the thousand does not come back as as many entries, to be kept for two
-- years: where the table's owner deletes, which is whom the jobs run as, the action is `purge`, and of more than 100 rows
-- there is one entry a tenant. What a person deletes as the owner is fewer, and told row by row as whoever else's is.
-- A cascade's deletes come as one statement a table.
-- Argument: the column of the row's id.
create function private.audit_deleted_rows()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
    table_name constant text := tg_table_schema || '.' || tg_table_name;
    owner oid;
    purges boolean;
begin
    if not exists (select from old_rows) then
        return null;
    end if;
    select c.relowner into owner from pg_catalog.pg_class as c where c.oid = tg_relid;
    purges := pg_has_role(private.request_role()::name, owner, 'member');
    -- OFFSET looks for the row that is one too many, and no further.
    if purges and exists (select from old_rows offset 100) then
        perform private.audit(d.tenant_id, 'purge', table_name, null, null)
        from (select distinct r.tenant_id from old_rows as r) as d;
    else
        execute format(
            'select private.audit(r.tenant_id, %L, %L, r.%I::text, null) from old_rows as r',
            case when purges then 'purge' else 'delete' end, table_name, tg_argv[0]
        );
    end if;
    return null;
end
$$;

create trigger audit_writes after insert or update on public.tenants
    for each row execute function private.audit_row('tenant_id');
alter table public.tenants enable always trigger audit_writes;

create trigger audit_deletes after delete on public.tenants
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('tenant_id');
alter table public.tenants enable always trigger audit_deletes;

create trigger audit_writes after insert or update on public.verified_whatsapp_numbers
    for each row execute function private.audit_row('verified_whatsapp_number_id');
alter table public.verified_whatsapp_numbers enable always trigger audit_writes;

create trigger audit_deletes after delete on public.verified_whatsapp_numbers
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('verified_whatsapp_number_id');
alter table public.verified_whatsapp_numbers enable always trigger audit_deletes;

create trigger audit_soft_deletes after update on public.whatsapp_verifications
    for each row
    when (old.deleted_at is distinct from new.deleted_at)
    execute function private.audit_row('whatsapp_verification_id');
alter table public.whatsapp_verifications enable always trigger audit_soft_deletes;

create trigger audit_requests after insert on public.whatsapp_verifications
    for each row execute function private.audit_row('whatsapp_verification_id', 'request');
alter table public.whatsapp_verifications enable always trigger audit_requests;

create trigger audit_locks after update on public.whatsapp_verifications
    for each row
    when (old.status <> new.status and new.status = 'locked')
    execute function private.audit_row('whatsapp_verification_id', 'lock');
alter table public.whatsapp_verifications enable always trigger audit_locks;

-- Requests, checks and the job change the status of pending codes and count failures up. All else is somebody's doing:
-- what is no longer pending made so again, tries taken back, a longer life, another code, a request moved in time.
create trigger audit_overrides after update on public.whatsapp_verifications
    for each row
    when (
        old.deleted_at is not distinct from new.deleted_at
        and (
            old.status <> 'pending'
            or new.failed_attempts < old.failed_attempts
            or (old.tenant_id, old.whatsapp_verification_id, old.phone_number, old.code_hash, old.key_version)
                is distinct from
                (new.tenant_id, new.whatsapp_verification_id, new.phone_number, new.code_hash, new.key_version)
            or (old.expires_at, old.created_at) is distinct from (new.expires_at, new.created_at)
        )
    )
    execute function private.audit_row('whatsapp_verification_id');
alter table public.whatsapp_verifications enable always trigger audit_overrides;

create trigger audit_deletes after delete on public.whatsapp_verifications
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('whatsapp_verification_id');
alter table public.whatsapp_verifications enable always trigger audit_deletes;

create trigger audit_writes after insert or update on public.slack_connections
    for each row execute function private.audit_row('slack_connection_id');
alter table public.slack_connections enable always trigger audit_writes;

create trigger audit_deletes after delete on public.slack_connections
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('slack_connection_id');
alter table public.slack_connections enable always trigger audit_deletes;

create trigger audit_writes after insert or update on public.slack_user_mappings
    for each row execute function private.audit_row('slack_user_mapping_id');
alter table public.slack_user_mappings enable always trigger audit_writes;

create trigger audit_deletes after delete on public.slack_user_mappings
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('slack_user_mapping_id');
alter table public.slack_user_mappings enable always trigger audit_deletes;

create trigger audit_soft_deletes after update on public.communication_logs
    for each row
    when (old.deleted_at is distinct from new.deleted_at)
    execute function private.audit_row('communication_log_id');
alter table public.communication_logs enable always trigger audit_soft_deletes;

create trigger audit_deletes after delete on public.communication_logs
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('communication_log_id');
alter table public.communication_logs enable always trigger audit_deletes;

create trigger audit_soft_deletes after update on public.webhook_deliveries
    for each row
    when (old.deleted_at is distinct from new.deleted_at)
    execute function private.audit_row('webhook_delivery_id');
alter table public.webhook_deliveries enable always trigger audit_soft_deletes;

create trigger audit_deletes after delete on public.webhook_deliveries
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('webhook_delivery_id');
alter table public.webhook_deliveries enable always trigger audit_deletes;

create trigger audit_soft_deletes after update on public.webhook_attempts
    for each row
    when (old.deleted_at is distinct from new.deleted_at)
    execute function private.audit_row('webhook_delivery_id');
alter table public.webhook_attempts enable always trigger audit_soft_deletes;

create trigger audit_deletes after delete on public.webhook_attempts
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('webhook_delivery_id');
alter table public.webhook_attempts enable always trigger audit_deletes;

create trigger audit_soft_deletes after update on public.usage_statistics
    for each row
    when (old.deleted_at is distinct from new.deleted_at)
    execute function private.audit_row('usage_statistic_id');
alter table public.usage_statistics enable always trigger audit_soft_deletes;

create trigger audit_deletes after delete on public.usage_statistics
    referencing old table as old_rows for each statement
    execute function private.audit_deleted_rows('usage_statistic_id');
alter table public.usage_statistics enable always trigger audit_deletes;

create trigger audit_writes after insert or update or delete on private.encryption_keys
    for each row execute function private.audit_row('key_version');
alter table private.encryption_keys enable always trigger audit_writes;

create trigger audit_writes after update or delete on private.jobs
    for each row execute function private.audit_row();
alter table private.jobs enable always trigger audit_writes;

comment on function private.audit_row() is
    'Writes an entry for the row that was made, changed, deleted or restored, with the names of what changed.';
comment on function private.audit_deleted_rows() is
    'Writes an entry for each row that a statement deleted for good, or one a tenant for more than 100 of the owner''s.';
comment on trigger audit_writes on public.tenants is 'Each row made or changed is audited.';
comment on trigger audit_deletes on public.tenants is 'What is deleted for good is audited.';
comment on trigger audit_writes on public.verified_whatsapp_numbers is 'Each row made or changed is audited.';
comment on trigger audit_deletes on public.verified_whatsapp_numbers is 'What is deleted for good is audited.';
comment on trigger audit_soft_deletes on public.whatsapp_verifications is
    'Each row deleted softly or restored is audited.';
comment on trigger audit_requests on public.whatsapp_verifications is 'Each code requested is audited.';
comment on trigger audit_locks on public.whatsapp_verifications is 'Each code that wrong tries locked is audited.';
comment on trigger audit_overrides on public.whatsapp_verifications is
    'Each change of a code that no request, check or job makes is audited.';
comment on trigger audit_deletes on public.whatsapp_verifications is 'What is deleted for good is audited.';
comment on trigger audit_writes on public.slack_connections is 'Each row made or changed is audited.';
comment on trigger audit_deletes on public.slack_connections is 'What is deleted for good is audited.';
comment on trigger audit_writes on public.slack_user_mappings is 'Each row made or changed is audited.';
comment on trigger audit_deletes on public.slack_user_mappings is 'What is deleted for good is audited.';
comment on trigger audit_soft_deletes on public.communication_logs is 'Each row deleted softly or restored is audited.';
comment on trigger audit_deletes on public.communication_logs is 'What is deleted for good is audited.';
comment on trigger audit_soft_deletes on public.webhook_deliveries is 'Each row deleted softly or restored is audited.';
comment on trigger audit_deletes on public.webhook_deliveries is 'What is deleted for good is audited.';
comment on trigger audit_soft_deletes on public.webhook_attempts is 'Each row deleted softly or restored is audited.';
comment on trigger audit_deletes on public.webhook_attempts is 'What is deleted for good is audited.';
comment on trigger audit_soft_deletes on public.usage_statistics is 'Each row deleted softly or restored is audited.';
comment on trigger audit_deletes on public.usage_statistics is 'What is deleted for good is audited.';
comment on trigger audit_writes on private.encryption_keys is 'Each change of the registry of keys is audited.';
comment on trigger audit_writes on private.jobs is
    'A retention or schedule that somebody changes is audited; migrations make jobs.';
