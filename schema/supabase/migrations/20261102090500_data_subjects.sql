-- All that is held on a person: exported, and erased.
-- Locks: none on any table.

create function private.blot_text(content text, mention text)
returns text
language sql
immutable
as $$
    select regexp_replace(content, mention, '\1\2*', 'gi')
$$;

-- Strings and keys are read before they are searched, since an escape in them may look like a name's beginning. By
-- tokens and not by levels: a document may be nested deeper than calls can be.
create function private.blot_json(document jsonb, mention text)
returns jsonb
language sql
immutable
as $$
    select
        string_agg(
            case
                when t.token[1] like '"%' then
                    to_jsonb(private.blot_text(t.token[1]::jsonb #>> '{}', mention))::text
                when t.token[1] ~ '^[0-9-]' and t.token[1] ~* mention then '"*"'
                else t.token[1]
            end,
            '' order by t.place
        )::jsonb
    from regexp_matches(document::text, '"(?:[^"\\]|\\.)*"|[0-9-][0-9.]*|[^"0-9-]+', 'g')
        with ordinality as t (token, place)
$$;

-- A person is who has a phone number, an e-mail address or a Slack user; mappings tell which of these are one person's.
-- Rows that are deleted softly count: they are held.
create function private.find_data_subject(
    tenant_id uuid,
    phone_number text,
    person_email text,
    workspace_id text,
    slack_user_id text,
    out phone_numbers text[],
    out person_emails text[],
    out number_ids uuid[],
    out mapping_ids uuid[],
    out log_ids uuid[],
    out sent_log_ids uuid[],
    out delivery_ids uuid[],
    out naming_delivery_ids uuid[],
    out mention text
)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
    if num_nonnulls(
        find_data_subject.phone_number, find_data_subject.person_email, find_data_subject.slack_user_id
    ) = 0 or num_nonnulls(find_data_subject.workspace_id, find_data_subject.slack_user_id) = 1 then
        raise exception 'nothing says who the person is' using
            errcode = 'SP001',
            hint = 'Give a phone number, an e-mail address, or a Slack user with its workspace.';
    end if;
    -- As the columns have them: what can be on no row would still be searched for in texts, and '' is in every one.
    if find_data_subject.person_email !~ '^[^@[:space:]]+@[^@[:space:]]+$'
        or char_length(find_data_subject.person_email) > 320
        or find_data_subject.workspace_id !~ '^[ET][A-Z0-9]{2,20}$'
        or find_data_subject.slack_user_id !~ '^[UW][A-Z0-9]{2,20}$'
    then
        raise exception 'the address, the workspace or the Slack user is not of its form' using errcode = 'SP001';
    end if;
    if not exists (select from public.tenants as t where t.tenant_id = find_data_subject.tenant_id) then
        raise exception 'there is no tenant %', find_data_subject.tenant_id using errcode = 'SP002';
    end if;

    with recursive people as (
        select
            m.slack_user_mapping_id, m.workspace_id, m.slack_user_id, lower(m.person_email) as person_email,
            n.phone_number
        from public.slack_user_mappings as m
        left join public.verified_whatsapp_numbers as n
            on n.tenant_id = m.tenant_id and n.verified_whatsapp_number_id = m.verified_whatsapp_number_id
        where m.tenant_id = find_data_subject.tenant_id
    ), same (slack_user_mapping_id, workspace_id, slack_user_id, person_email, phone_number) as (
        select
            null::uuid, find_data_subject.workspace_id, find_data_subject.slack_user_id,
            lower(find_data_subject.person_email), find_data_subject.phone_number::public.e164
        union
        select p.slack_user_mapping_id, p.workspace_id, p.slack_user_id, p.person_email, p.phone_number
        from same as s
        join people as p
            on p.person_email = s.person_email
            or p.phone_number = s.phone_number
            or (p.workspace_id = s.workspace_id and p.slack_user_id = s.slack_user_id)
    )
    select
        array_agg(distinct s.phone_number) filter (where s.phone_number is not null),
        array_agg(distinct s.person_email) filter (where s.person_email is not null),
        array_agg(distinct s.slack_user_mapping_id) filter (where s.slack_user_mapping_id is not null)
    into phone_numbers, person_emails, mapping_ids
    from same as s;

    number_ids := array(
        select n.verified_whatsapp_number_id
        from public.verified_whatsapp_numbers as n
        where n.tenant_id = find_data_subject.tenant_id and n.phone_number = any (phone_numbers)
    );
    -- The person is the other side of these messages, by number or as a Slack user ...
    log_ids := array(
        select l.communication_log_id
        from public.communication_logs as l
        where
            l.tenant_id = find_data_subject.tenant_id
            and l.phone_number_hash = any (array(
                select private.hash_text('phone_number', find_data_subject.tenant_id, n, k.key_version)
                from unnest(phone_numbers) as n, private.encryption_keys as k
                where k.deleted_at is null
            ))
        union
        select l.communication_log_id
        from public.communication_logs as l
        join (
            select m.workspace_id, m.slack_user_id
            from public.slack_user_mappings as m
            where m.tenant_id = find_data_subject.tenant_id and m.slack_user_mapping_id = any (mapping_ids)
            union
            select find_data_subject.workspace_id, find_data_subject.slack_user_id
        ) as u on u.workspace_id = l.workspace_id and u.slack_user_id = l.slack_user_id
        where l.tenant_id = find_data_subject.tenant_id
    );
    -- ... and this side of those that went through the person's own number.
    sent_log_ids := array(
        select l.communication_log_id
        from public.communication_logs as l
        where
            l.tenant_id = find_data_subject.tenant_id
            and l.verified_whatsapp_number_id = any (number_ids)
            and not l.communication_log_id = any (log_ids)
    );
    mention := (
        select private.mention_pattern(array_agg(i.identifier))
        from (
            select unnest(phone_numbers || person_emails)
            union
            select find_data_subject.slack_user_id
            union
            select m.slack_user_id
            from public.slack_user_mappings as m
            where m.tenant_id = find_data_subject.tenant_id and m.slack_user_mapping_id = any (mapping_ids)
        ) as i (identifier)
    );
    -- A payload repeats the message; one that is about no message, or somebody else's, may still name the person.
    delivery_ids := array(
        select d.webhook_delivery_id
        from public.webhook_deliveries as d
        where
            d.tenant_id = find_data_subject.tenant_id and d.communication_log_id = any (log_ids || sent_log_ids)
    );
    naming_delivery_ids := array(
        select d.webhook_delivery_id
        from public.webhook_deliveries as d
        where
            d.tenant_id = find_data_subject.tenant_id
            and not d.webhook_delivery_id = any (delivery_ids)
            and d.payload::text ~* mention
    );
exception
    when check_violation then
        raise exception 'the phone number is not in E.164' using errcode = 'SP001';
end
$$;

-- Columns are named one by one, so that a new one comes in by a decision: secrets stay out.
create function public.export_data_subject(
    tenant_id uuid,
    phone_number text default null,
    person_email text default null,
    workspace_id text default null,
    slack_user_id text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    subject record;
    document jsonb;
begin
    subject := private.find_data_subject(
        export_data_subject.tenant_id, export_data_subject.phone_number, export_data_subject.person_email,
        export_data_subject.workspace_id, export_data_subject.slack_user_id
    );
    document := jsonb_build_object(
        'tenant_id', export_data_subject.tenant_id,
        'exported_at', now(),
        'phone_numbers', coalesce(to_jsonb(subject.phone_numbers), '[]'),
        'person_emails', coalesce(to_jsonb(subject.person_emails), '[]'),
        'verified_whatsapp_numbers', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    n.tenant_id, n.verified_whatsapp_number_id, n.phone_number, n.label, n.metadata, n.verified_at,
                    n.created_at, n.updated_at, n.deleted_at, n.deletion_id
                from public.verified_whatsapp_numbers as n
                where
                    n.tenant_id = export_data_subject.tenant_id
                    and n.verified_whatsapp_number_id = any (subject.number_ids)
            ) as r
        ),
        'whatsapp_verifications', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    v.tenant_id, v.whatsapp_verification_id, v.phone_number, v.key_version, v.status,
                    v.failed_attempts, v.expires_at, v.verified_at, v.created_at, v.updated_at, v.deleted_at,
                    v.deletion_id
                from public.whatsapp_verifications as v
                where
                    v.tenant_id = export_data_subject.tenant_id
                    and v.phone_number = any (subject.phone_numbers)
            ) as r
        ),
        'slack_user_mappings', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    m.tenant_id, m.slack_user_mapping_id, m.slack_connection_id, m.workspace_id, m.slack_user_id,
                    m.person_name, m.person_email, m.verified_whatsapp_number_id, m.metadata, m.created_at,
                    m.updated_at, m.deleted_at, m.deletion_id
                from public.slack_user_mappings as m
                where
                    m.tenant_id = export_data_subject.tenant_id
                    and m.slack_user_mapping_id = any (subject.mapping_ids)
            ) as r
        ),
        'communication_logs', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    l.tenant_id, l.communication_log_id, l.channel, l.direction, l.status,
                    l.verified_whatsapp_number_id,
                    -- Of a message that went through the person's own number, the other side is another person.
                    case when o.is_subject then private.decrypt_text(
                        l.phone_number_ciphertext, l.tenant_id, 'public.communication_logs', 'phone_number_ciphertext',
                        l.communication_log_id
                    ) end as phone_number,
                    l.key_version, l.slack_connection_id, l.workspace_id, l.slack_user_id,
                    case when o.is_subject then l.provider_message_id end as provider_message_id,
                    l.body, l.error_code, l.metadata, l.created_at, l.updated_at, l.deleted_at, l.deletion_id
                from public.communication_logs as l,
                    lateral (select l.communication_log_id = any (subject.log_ids)) as o (is_subject)
                where
                    l.tenant_id = export_data_subject.tenant_id
                    and l.communication_log_id = any (subject.log_ids || subject.sent_log_ids)
            ) as r
        ),
        'webhook_deliveries', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    d.tenant_id, d.webhook_delivery_id, d.communication_log_id, d.event_type,
                    -- What only names the person is about somebody else.
                    case when o.is_subject then d.endpoint_url end as endpoint_url,
                    case when o.is_subject then d.payload end as payload, d.key_version, d.status, d.attempts,
                    d.max_attempts, d.next_attempt_at, d.finished_at, d.created_at, d.updated_at, d.deleted_at, d.deletion_id
                from public.webhook_deliveries as d,
                    lateral (select d.webhook_delivery_id = any (subject.delivery_ids)) as o (is_subject)
                where
                    d.tenant_id = export_data_subject.tenant_id
                    and d.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids)
            ) as r
        ),
        'webhook_attempts', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    a.tenant_id, a.webhook_delivery_id, a.attempt_number, a.response_status,
                    case when o.is_subject then a.error_message end as error_message, a.duration_ms, a.created_at,
                    a.updated_at, a.deleted_at, a.deletion_id
                from public.webhook_attempts as a,
                    lateral (select a.webhook_delivery_id = any (subject.delivery_ids)) as o (is_subject)
                where
                    a.tenant_id = export_data_subject.tenant_id
                    and a.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids)
            ) as r
        )
    );
    perform private.audit(
        export_data_subject.tenant_id, 'export', 'public.tenants', export_data_subject.tenant_id::text, null
    );
    return document;
end
$$;

-- Messages stay without what is personal in them, since that they were sent is the tenant's to prove and to count; all
-- else goes for good, rows deleted softly included. Where other people's rows name the person, an asterisk stands in
-- the name's place. An address or a message's id goes whole, since what was left of two would be one; so does an event
-- whose payload names the person, since its signature would be of another one.
create function public.erase_data_subject(
    tenant_id uuid,
    phone_number text default null,
    person_email text default null,
    workspace_id text default null,
    slack_user_id text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    subject record;
    erased jsonb := '{}';
    blotted jsonb := '{}';
    rows_erased bigint;
begin
    -- Every row of a tenant refers to it, so this waits for who is writing one, and keeps others waiting.
    perform from public.tenants as t where t.tenant_id = erase_data_subject.tenant_id for update;
    subject := private.find_data_subject(
        erase_data_subject.tenant_id, erase_data_subject.phone_number, erase_data_subject.person_email,
        erase_data_subject.workspace_id, erase_data_subject.slack_user_id
    );

    -- Their attempts go with them.
    delete from public.webhook_deliveries as d
    where
        d.tenant_id = erase_data_subject.tenant_id
        and d.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('webhook_deliveries', rows_erased);

    update public.communication_logs as l
    set phone_number_ciphertext = null, phone_number_hash = null, key_version = null, slack_user_id = null,
        provider_message_id = null, body = null, metadata = '{}'
    where l.tenant_id = erase_data_subject.tenant_id and l.communication_log_id = any (subject.log_ids);
    get diagnostics rows_erased = row_count;
    -- The other side's number is not the person's.
    update public.communication_logs as l
    set body = null, metadata = '{}'
    where l.tenant_id = erase_data_subject.tenant_id and l.communication_log_id = any (subject.sent_log_ids);
    erased := erased || jsonb_build_object('communication_logs', rows_erased + cardinality(subject.sent_log_ids));
    delete from public.slack_user_mappings as m
    where m.tenant_id = erase_data_subject.tenant_id and m.slack_user_mapping_id = any (subject.mapping_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('slack_user_mappings', rows_erased);

    delete from public.whatsapp_verifications as v
    where v.tenant_id = erase_data_subject.tenant_id and v.phone_number = any (subject.phone_numbers);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('whatsapp_verifications', rows_erased);

    delete from public.verified_whatsapp_numbers as n
    where n.tenant_id = erase_data_subject.tenant_id and n.verified_whatsapp_number_id = any (subject.number_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('verified_whatsapp_numbers', rows_erased);

    update public.communication_logs as l
    set body = private.blot_text(l.body, subject.mention),
        provider_message_id = case when not l.provider_message_id ~* subject.mention then l.provider_message_id end,
        metadata = private.blot_json(l.metadata, subject.mention)
    where
        l.tenant_id = erase_data_subject.tenant_id
        and concat_ws(E'\n', l.body, l.provider_message_id, l.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('communication_logs', rows_erased);

    update public.slack_user_mappings as m
    set person_name = private.blot_text(m.person_name, subject.mention),
        person_email = case when not m.person_email ~* subject.mention then m.person_email end,
        metadata = private.blot_json(m.metadata, subject.mention)
    where
        m.tenant_id = erase_data_subject.tenant_id
        and concat_ws(E'\n', m.person_name, m.person_email, m.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('slack_user_mappings', rows_erased);

    update public.verified_whatsapp_numbers as n
    set label = private.blot_text(n.label, subject.mention),
        metadata = private.blot_json(n.metadata, subject.mention)
    where
        n.tenant_id = erase_data_subject.tenant_id and concat_ws(E'\n', n.label, n.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('verified_whatsapp_numbers', rows_erased);

    update public.webhook_deliveries as d
    set endpoint_url = private.blot_text(d.endpoint_url, subject.mention)
    where d.tenant_id = erase_data_subject.tenant_id and d.endpoint_url ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('webhook_deliveries', rows_erased);

    update public.webhook_attempts as a
    set error_message = private.blot_text(a.error_message, subject.mention)
    where a.tenant_id = erase_data_subject.tenant_id and a.error_message ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('webhook_attempts', rows_erased);

    -- One for the call, and one for each table that it touched.
    perform private.audit(
        erase_data_subject.tenant_id, 'erase', 'public.tenants', erase_data_subject.tenant_id::text, null
    );
    perform private.audit(
        erase_data_subject.tenant_id, 'erase', 'public.' || e.key, null,
        case
            when e.key <> 'communication_logs' then null
            when erased -> e.key = '0' then array['body', 'metadata', 'provider_message_id']
            else array[
                'body', 'key_version', 'metadata', 'phone_number_ciphertext', 'phone_number_hash',
                'provider_message_id', 'slack_user_id'
            ]
        end
    )
    from (
        select key from jsonb_each(erased) where value <> '0'
        union
        select key from jsonb_each(blotted) where value <> '0'
    ) as e;
    erased := erased || jsonb_build_object('mentions', (select sum(value::bigint) from jsonb_each(blotted)));
    return erased;
end
$$;

grant execute on function
    public.export_data_subject(uuid, text, text, text, text),
    public.erase_data_subject(uuid, text, text, text, text)
to service_role;

comment on function private.blot_text(text, text) is
    'A text with an asterisk for whatever in it matches a pattern of mentions.';
comment on function private.blot_json(jsonb, text) is
    'A document with an asterisk for whatever in its strings, keys and numbers matches a pattern of mentions.';
comment on function private.find_data_subject(uuid, text, text, text, text) is
    'A person''s identifiers and the ids of all rows on the person; raises SP001 unless it is said who it is, SP002.';
comment on function public.export_data_subject(uuid, text, text, text, text) is
    'All that a tenant holds on a person, decrypted, as one document with an array a table; raises SP001, SP002.';
comment on function public.erase_data_subject(uuid, text, text, text, text) is
    'Removes all that a tenant holds on a person and returns how many rows of each table it touched; raises SP001, SP002.';
