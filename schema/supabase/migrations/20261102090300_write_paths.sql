-- How the back end writes what is encrypted, and how it and members write what must be upserted: ON CONFLICT needs the
-- predicate of a partial index, which a REST client cannot give.
-- What a constraint refuses comes back as SP001 with the constraint's name: its own error would quote the row.
-- Locks: none on any table.
create function public.connect_slack_workspace(
    tenant_id uuid,
    workspace_id text,
    workspace_name text,
    bot_user_id text,
    bot_token text,
    scopes text[] default '{}',
    default_channel_id text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    connection_id uuid;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t
        where t.tenant_id = connect_slack_workspace.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', connect_slack_workspace.tenant_id using errcode = 'SP002';
    end if;
    if coalesce(bot_token, '') = '' then
        raise exception 'a connection needs its bot token' using errcode = 'SP001';
    end if;
    -- A ciphertext is bound to its row's id, so the row that there is must be known before the token is encrypted. It
    -- may come to be, or be deleted, between the two statements: then once more.
    loop
        select c.slack_connection_id into connection_id
        from public.slack_connections as c
        where
            c.tenant_id = connect_slack_workspace.tenant_id
            and c.workspace_id = connect_slack_workspace.workspace_id
            and c.deleted_at is null
        for update;
        if found then
            ciphertext := private.encrypt_text(
                bot_token, connect_slack_workspace.tenant_id, 'public.slack_connections', 'bot_token_ciphertext',
                connection_id
            );
            update public.slack_connections as c
            set workspace_name = connect_slack_workspace.workspace_name,
                bot_user_id = connect_slack_workspace.bot_user_id,
                bot_token_ciphertext = ciphertext,
                key_version = private.ciphertext_key_version(ciphertext),
                scopes = connect_slack_workspace.scopes,
                default_channel_id = coalesce(connect_slack_workspace.default_channel_id, c.default_channel_id),
                status = 'active'
            where c.tenant_id = connect_slack_workspace.tenant_id and c.slack_connection_id = connection_id;
            return connection_id;
        end if;
        connection_id := gen_random_uuid();
        ciphertext := private.encrypt_text(
            bot_token, connect_slack_workspace.tenant_id, 'public.slack_connections', 'bot_token_ciphertext',
            connection_id
        );
        insert into public.slack_connections (
            tenant_id, slack_connection_id, workspace_id, workspace_name, bot_user_id, bot_token_ciphertext,
            key_version, scopes, default_channel_id
        )
        values (
            connect_slack_workspace.tenant_id, connection_id, connect_slack_workspace.workspace_id,
            connect_slack_workspace.workspace_name, connect_slack_workspace.bot_user_id, ciphertext,
            private.ciphertext_key_version(ciphertext), connect_slack_workspace.scopes,
            connect_slack_workspace.default_channel_id
        )
        on conflict (tenant_id, workspace_id) where deleted_at is null do nothing;
        if found then
            return connection_id;
        end if;
    end loop;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the connection is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when foreign_key_violation then
        raise exception 'there is no live tenant %', connect_slack_workspace.tenant_id using errcode = 'SP002';
end
$$;

-- With the caller's rights: a member's policies and column grants hold here as they do on the table.
create function public.map_slack_user(
    tenant_id uuid,
    workspace_id text,
    slack_user_id text,
    person_name text default null,
    person_email text default null,
    verified_whatsapp_number_id uuid default null,
    metadata jsonb default null
)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    connection_id uuid;
    mapping_id uuid;
    broken text;
    lacking text;
begin
    select c.slack_connection_id into connection_id
    from public.slack_connections as c
    where
        c.tenant_id = map_slack_user.tenant_id
        and c.workspace_id = map_slack_user.workspace_id
        and c.deleted_at is null;
    if not found then
        raise exception 'tenant % has no live connection to workspace %',
            map_slack_user.tenant_id, map_slack_user.workspace_id
            using errcode = 'SP002';
    end if;
    if map_slack_user.verified_whatsapp_number_id is not null and not exists (
        select from public.verified_whatsapp_numbers as n
        where
            n.tenant_id = map_slack_user.tenant_id
            and n.verified_whatsapp_number_id = map_slack_user.verified_whatsapp_number_id
            and n.deleted_at is null
    ) then
        raise exception 'tenant % has no live number %',
            map_slack_user.tenant_id, map_slack_user.verified_whatsapp_number_id
            using errcode = 'SP002';
    end if;
    insert into public.slack_user_mappings as m (
        tenant_id, slack_connection_id, workspace_id, slack_user_id, person_name, person_email,
        verified_whatsapp_number_id, metadata
    )
    values (
        map_slack_user.tenant_id, connection_id, map_slack_user.workspace_id, map_slack_user.slack_user_id,
        map_slack_user.person_name, map_slack_user.person_email, map_slack_user.verified_whatsapp_number_id,
        coalesce(map_slack_user.metadata, '{}')
    )
    on conflict (tenant_id, workspace_id, slack_user_id) where deleted_at is null do update
    -- What is not given stays as it is.
    set person_name = coalesce(map_slack_user.person_name, m.person_name),
        person_email = coalesce(map_slack_user.person_email, m.person_email),
        verified_whatsapp_number_id =
            coalesce(map_slack_user.verified_whatsapp_number_id, m.verified_whatsapp_number_id),
        metadata = coalesce(map_slack_user.metadata, m.metadata)
    returning m.slack_user_mapping_id into mapping_id;
    return mapping_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the mapping is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
end
$$;

-- The message that a provider tells of again is the one that is there: of it only the status and the error may change,
-- and a status that comes late does not undo a later one.
create function public.log_communication(
    tenant_id uuid,
    channel text,
    direction text,
    status text,
    phone_number text default null,
    verified_whatsapp_number_id uuid default null,
    slack_connection_id uuid default null,
    slack_user_id text default null,
    provider_message_id text default null,
    body text default null,
    error_code text default null,
    metadata jsonb default '{}'
)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    statuses constant text[] := '{queued,sent,delivered,read,received,failed}';
    log_id uuid := gen_random_uuid();
    number public.e164;
    workspace text;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t where t.tenant_id = log_communication.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', log_communication.tenant_id using errcode = 'SP002';
    end if;
    number := phone_number;
    if channel = 'whatsapp' and number is null then
        raise exception 'a WhatsApp message has a phone number' using errcode = 'SP001';
    end if;
    if log_communication.slack_connection_id is not null then
        select c.workspace_id into workspace
        from public.slack_connections as c
        where
            c.tenant_id = log_communication.tenant_id
            and c.slack_connection_id = log_communication.slack_connection_id
            and c.deleted_at is null;
        if not found then
            raise exception 'tenant % has no live connection %',
                log_communication.tenant_id, log_communication.slack_connection_id
                using errcode = 'SP002';
        end if;
    end if;
    ciphertext := private.encrypt_text(
        number, log_communication.tenant_id, 'public.communication_logs', 'phone_number_ciphertext', log_id
    );
    insert into public.communication_logs as l (
        tenant_id, communication_log_id, channel, direction, status, verified_whatsapp_number_id,
        phone_number_ciphertext, phone_number_hash, key_version, slack_connection_id, workspace_id, slack_user_id,
        provider_message_id, body, error_code, metadata
    )
    values (
        log_communication.tenant_id, log_id, log_communication.channel, log_communication.direction,
        log_communication.status, log_communication.verified_whatsapp_number_id, ciphertext,
        private.hash_text(
            'phone_number', log_communication.tenant_id, number, private.ciphertext_key_version(ciphertext)
        ),
        private.ciphertext_key_version(ciphertext), log_communication.slack_connection_id, workspace,
        log_communication.slack_user_id, log_communication.provider_message_id, log_communication.body,
        log_communication.error_code, coalesce(log_communication.metadata, '{}')
    )
    on conflict (provider_message_id, tenant_id, channel)
        where provider_message_id is not null and deleted_at is null
    do update
    set status = case
            when array_position(statuses, excluded.status) > array_position(statuses, l.status) then excluded.status
            else l.status
        end,
        error_code = coalesce(excluded.error_code, l.error_code)
    returning l.communication_log_id into log_id;
    return log_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the message is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when foreign_key_violation then
        get stacked diagnostics broken = constraint_name;
        raise exception 'tenant % has not what % refers to', log_communication.tenant_id, broken using errcode = 'SP002';
end
$$;

-- In JSON a line break ends in a letter, and in a URL a plus in one or in a digit; neither is part of what follows. What
-- stands before is matched with it, as \1 or \2: to look behind takes ten times as long.
create function private.mention_pattern(identifiers text[])
returns text
language sql
immutable
as $$
    select
        nullif(concat_ws(
            '|',
            -- With 00 for the plus, and punctuated.
            '(^|[^[:alnum:]]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})(?:00)?(?:'
            || string_agg(
                regexp_replace(substr(i.identifier, 2), '(.)(?=.)', '\1[ ./()-]{0,2}', 'g'), '|' order by i.identifier
            ) filter (where i.is_number)
            || ')(?![[:alnum:]])',
            '(^|[^[:alnum:]._-]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})(?:'
            || string_agg(
                replace(regexp_replace(i.identifier, '([^[:alnum:]])', '\\\1', 'g'), '\@', '(?:@|%40)'), '|'
                order by i.identifier
            ) filter (where not i.is_number)
            || ')(?![[:alnum:]_-])'
        ), '')
    from (select n, n ~ '^[+][0-9]+$' from unnest(identifiers) as n) as i (identifier, is_number)
$$;

create function public.queue_webhook_delivery(
    tenant_id uuid,
    event_type text,
    endpoint_url text,
    payload jsonb,
    signature text,
    communication_log_id uuid default null,
    max_attempts integer default 8
)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    delivery_id constant uuid := gen_random_uuid();
    phone_number text;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t
        where t.tenant_id = queue_webhook_delivery.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', queue_webhook_delivery.tenant_id using errcode = 'SP002';
    end if;
    if coalesce(signature, '') = '' then
        raise exception 'a delivery needs its signature' using errcode = 'SP001';
    end if;
    if queue_webhook_delivery.communication_log_id is not null then
        select l.phone_number into phone_number
        from public.decrypted_communication_logs as l
        where
            l.tenant_id = queue_webhook_delivery.tenant_id
            and l.communication_log_id = queue_webhook_delivery.communication_log_id;
        if not found then
            raise exception 'tenant % has no live message %',
                queue_webhook_delivery.tenant_id, queue_webhook_delivery.communication_log_id
                using errcode = 'SP002';
        end if;
        -- Both are kept in the clear, where the number would be there for all to read.
        if concat_ws(E'\n', queue_webhook_delivery.endpoint_url, queue_webhook_delivery.payload)
            ~* private.mention_pattern(array[phone_number])
        then
            raise exception 'the payload or the URL repeats the phone number of the message' using
                errcode = 'SP001',
                hint = 'Name the message by its id; the endpoint can ask for the number.';
        end if;
    end if;
    ciphertext := private.encrypt_text(
        signature, queue_webhook_delivery.tenant_id, 'public.webhook_deliveries', 'signature_ciphertext', delivery_id
    );
    insert into public.webhook_deliveries (
        tenant_id, webhook_delivery_id, communication_log_id, event_type, endpoint_url, payload, signature_ciphertext,
        key_version, max_attempts
    )
    values (
        queue_webhook_delivery.tenant_id, delivery_id, queue_webhook_delivery.communication_log_id,
        queue_webhook_delivery.event_type, queue_webhook_delivery.endpoint_url, queue_webhook_delivery.payload,
        ciphertext, private.ciphertext_key_version(ciphertext), queue_webhook_delivery.max_attempts
    );
    return delivery_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the delivery is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when numeric_value_out_of_range then
        raise exception 'the delivery is refused: max_attempts_are_1_to_20' using errcode = 'SP001';
    when foreign_key_violation then
        raise exception 'tenant % or its message is gone', queue_webhook_delivery.tenant_id using errcode = 'SP002';
end
$$;

grant execute on function
    public.connect_slack_workspace(uuid, text, text, text, text, text[], text),
    public.log_communication(
        uuid, text, text, text, text, uuid, uuid, text, text, text, text, jsonb
    ),
    public.queue_webhook_delivery(uuid, text, text, jsonb, text, uuid, integer)
to service_role;
grant execute on function public.map_slack_user(uuid, text, text, text, text, uuid, jsonb) to authenticated, service_role;

comment on function public.connect_slack_workspace(uuid, text, text, text, text, text[], text) is
    'Connects a workspace, or gives the live connection its new token, and returns its id; raises SP001, SP002.';
comment on function public.map_slack_user(uuid, text, text, text, text, uuid, jsonb) is
    'Maps a Slack user of a connected workspace to a person, or completes the live mapping, and returns its id; raises '
    'SP001, SP002.';
comment on function public.log_communication(
    uuid, text, text, text, text, uuid, uuid, text, text, text, text, jsonb
) is
    'Logs a message with its phone number encrypted, or moves on the status of the one with the provider''s id, and '
    'returns its id; raises SP001, SP002.';
comment on function private.mention_pattern(text[]) is
    'A pattern, whatever the case, of what names a phone number, e-mail address or Slack user, and of nothing longer.';
comment on function public.queue_webhook_delivery(uuid, text, text, jsonb, text, uuid, integer) is
    'Queues an event with its signature encrypted and returns its id; raises SP001, SP002.';
