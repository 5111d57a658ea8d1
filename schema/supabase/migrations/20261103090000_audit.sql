-- What writes the audit trail, and what keeps it append-only.
-- Locks: SHARE ROW EXCLUSIVE on private.audit_logs for its triggers, briefly.
create function private.request_role()
returns text
language sql
stable
-- SECURITY DEFINER changes current_user, but not the setting `role`, which is `none` where nobody has set it.
return coalesce(nullif(current_setting('role'), 'none'), session_user::text);

create function private.request_subject()
returns uuid
language sql
stable
return substring(
    auth.jwt() ->> 'sub'
    from '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$'
)::uuid;

create function private.audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[])
returns void
-- Not SQL, which would plan the insert anew at each call.
language plpgsql
as $$
begin
    insert into private.audit_logs (tenant_id, actor_role, actor_id, action, table_name, row_id, changed_columns)
    values (
        coalesce(audit.tenant_id, '00000000-0000-0000-0000-000000000000'),
        private.request_role(),
        private.request_subject(),
        audit.action,
        audit.table_name,
        audit.row_id,
        coalesce(audit.changed_columns, '{}')
    );
end
$$;

create function private.refuse_audit_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    -- In UTC, as the job counts it: two years before a 29th of February must not depend on the session's time zone.
    if tg_op = 'DELETE' and old.occurred_at < (now() at time zone 'UTC' - interval '2 years') at time zone 'UTC' then
        return old;
    end if;
    raise exception 'the audit log is append-only, and keeps each entry for two years'
        using errcode = 'SP301', schema = tg_table_schema, table = tg_table_name;
end
$$;

create trigger refuse_update before update or truncate on private.audit_logs
    for each statement execute function private.refuse_audit_change();
create trigger refuse_delete before delete on private.audit_logs
    for each row execute function private.refuse_audit_change();

-- ALWAYS: `postgres` may set session_replication_role to replica, which skips ordinary triggers.
alter table private.audit_logs enable always trigger refuse_update;
alter table private.audit_logs enable always trigger refuse_delete;

comment on function private.request_role() is
    'The database role that the request came as, within SECURITY DEFINER functions too.';
comment on function private.request_subject() is 'The claim sub of the request''s token; NULL unless it is a UUID.';
comment on function private.audit(uuid, text, text, text, text[]) is
    'Writes an entry: the request''s role and subject, and what was done; without a tenant it is the system''s.';
comment on function private.refuse_audit_change() is
    'Refuses every UPDATE and TRUNCATE, and a DELETE of what has not been kept for two years, with SP301.';
comment on trigger refuse_update on private.audit_logs is 'Entries never change, whoever asks.';
comment on trigger refuse_delete on private.audit_logs is 'Entries stay for two years, whoever asks.';
