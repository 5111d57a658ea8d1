-- What a policy keeps from an index, or a cipher from a condition, found by functions.
-- Locks: none on any table.

-- By the hashes of every version, since rows of superseded ones are there until they are encrypted anew.
create function public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text)
returns setof public.decrypted_communication_logs
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    hashes constant bytea[] := array(
        select
            private.hash_text(
                'phone_number', find_communication_logs_by_phone_number.tenant_id,
                find_communication_logs_by_phone_number.phone_number, k.key_version
            )
        from private.encryption_keys as k
        where k.deleted_at is null
    );
begin
    return query
    select v.*
    from public.communication_logs as l
    join public.decrypted_communication_logs as v
        on v.tenant_id = l.tenant_id and v.communication_log_id = l.communication_log_id
    where
        l.tenant_id = find_communication_logs_by_phone_number.tenant_id
        and l.phone_number_hash = any (hashes)
    order by v.created_at desc, v.communication_log_id;
end
$$;

-- A member's own query could not use the GIN index, since @> is not leakproof. As the owner it can; so what the policy
-- of the table says is said here.
create function public.search_communication_logs(
    metadata_contains jsonb, before timestamptz default 'infinity', max_rows integer default 100
)
returns table (
    tenant_id uuid,
    communication_log_id uuid,
    channel text,
    direction text,
    status text,
    verified_whatsapp_number_id uuid,
    slack_connection_id uuid,
    workspace_id text,
    slack_user_id text,
    body text,
    error_code text,
    metadata jsonb,
    created_at timestamptz,
    updated_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
    caller_workspace_id constant text := private.current_workspace_id();
begin
    -- An empty object is in every one: finding it would read the index from end to end, over all tenants.
    if metadata_contains is null or jsonb_typeof(metadata_contains) <> 'object' or metadata_contains = '{}' then
        raise exception 'metadata_contains is no object with a key' using errcode = 'SP001';
    end if;
    if max_rows is null or max_rows not between 1 and 1000 then
        raise exception 'max_rows is %', coalesce(max_rows::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 1000, and created_at of the last row as `before` for the next page.';
    end if;
    return query
    select
        l.tenant_id, l.communication_log_id, l.channel, l.direction, l.status, l.verified_whatsapp_number_id,
        l.slack_connection_id, l.workspace_id, l.slack_user_id, l.body, l.error_code, l.metadata, l.created_at,
        l.updated_at
    from public.communication_logs as l
    where
        l.deleted_at is null
        and l.tenant_id = caller_tenant_id
        and (caller_workspace_id is null or l.workspace_id = caller_workspace_id)
        and l.metadata @> metadata_contains
        and l.created_at < coalesce(before, 'infinity')
    order by l.created_at desc, l.communication_log_id
    limit max_rows;
end
$$;

grant execute on function public.find_communication_logs_by_phone_number(uuid, text) to service_role;
grant execute on function public.search_communication_logs(jsonb, timestamptz, integer) to authenticated;

comment on function public.find_communication_logs_by_phone_number(uuid, text) is
    'A tenant''s live messages of a phone number, newest first, by the keyed hashes of all versions.';
comment on function public.search_communication_logs(jsonb, timestamptz, integer) is
    'The own tenant''s live messages whose metadata contain an object, newest first, only the claimed workspace''s if the '
    'token names one; raises SP001.';
