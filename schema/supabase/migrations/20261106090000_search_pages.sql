-- The next page of a search begins behind a row, not behind an instant: of rows that were made at once, as those of one
-- statement are, a page's end cut off the others. Without `before_id` all rows of the instant `before` are left out, as
-- before; rows of one instant come in the descending order of their ids now, as in the pages of the tables. And a search
-- for an object with no value in it is refused: no index helps it.
-- Locks: none on any table.
drop function public.search_slack_user_mappings(jsonb, timestamptz, integer);
drop function public.search_verified_whatsapp_numbers(jsonb, timestamptz, integer);
drop function public.search_communication_logs(jsonb, timestamptz, integer);

create or replace function private.refuse_search(metadata_contains jsonb, max_rows integer)
returns void
language plpgsql
immutable
as $$
begin
    -- What holds no value at any depth, {"a": {}} say, has no entry in an index of jsonb_path_ops: finding it would
    -- read the index from end to end, over all tenants.
    if
        metadata_contains is null
        or jsonb_typeof(metadata_contains) <> 'object'
        or not jsonb_path_exists(metadata_contains, 'strict $.** ? (@.type() != "object" && @.type() != "array")')
    then
        raise exception 'metadata_contains is no object with a value in it' using errcode = 'SP001';
    end if;
    if max_rows is null or max_rows not between 1 and 1000 then
        raise exception 'max_rows is %', coalesce(max_rows::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 1000, and created_at and id of the last row as before and before_id for the next page.';
    end if;
end
$$;

create function public.search_communication_logs(
    metadata_contains jsonb,
    before timestamptz default 'infinity',
    max_rows integer default 100,
    before_id uuid default null
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
    perform private.refuse_search(metadata_contains, max_rows);
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
        and (l.created_at, l.communication_log_id) < (coalesce(before, 'infinity'), before_id)
    order by l.created_at desc, l.communication_log_id desc
    limit max_rows;
end
$$;

create function public.search_verified_whatsapp_numbers(
    metadata_contains jsonb,
    before timestamptz default 'infinity',
    max_rows integer default 100,
    before_id uuid default null
)
returns setof public.verified_whatsapp_numbers
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
begin
    perform private.refuse_search(metadata_contains, max_rows);
    return query
    select n.*
    from public.verified_whatsapp_numbers as n
    where
        n.deleted_at is null
        and n.tenant_id = caller_tenant_id
        and n.metadata @> metadata_contains
        and (n.created_at, n.verified_whatsapp_number_id) < (coalesce(before, 'infinity'), before_id)
    order by n.created_at desc, n.verified_whatsapp_number_id desc
    limit max_rows;
end
$$;

create function public.search_slack_user_mappings(
    metadata_contains jsonb,
    before timestamptz default 'infinity',
    max_rows integer default 100,
    before_id uuid default null
)
returns setof public.slack_user_mappings
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
    caller_workspace_id constant text := private.current_workspace_id();
begin
    perform private.refuse_search(metadata_contains, max_rows);
    return query
    select m.*
    from public.slack_user_mappings as m
    where
        m.deleted_at is null
        and m.tenant_id = caller_tenant_id
        and (caller_workspace_id is null or m.workspace_id = caller_workspace_id)
        and m.metadata @> metadata_contains
        and (m.created_at, m.slack_user_mapping_id) < (coalesce(before, 'infinity'), before_id)
    order by m.created_at desc, m.slack_user_mapping_id desc
    limit max_rows;
end
$$;

grant execute on function public.search_communication_logs(jsonb, timestamptz, integer, uuid) to authenticated;
grant execute on function public.search_verified_whatsapp_numbers(jsonb, timestamptz, integer, uuid) to authenticated;
grant execute on function public.search_slack_user_mappings(jsonb, timestamptz, integer, uuid) to authenticated;

comment on function private.refuse_search(jsonb, integer) is
    'Raises SP001 for a search for no value, and for pages that are no number from 1 to 1000.';
comment on function public.search_verified_whatsapp_numbers(jsonb, timestamptz, integer, uuid) is
    'The own tenant''s live numbers whose metadata contain an object, newest first; raises SP001.';
comment on function public.search_slack_user_mappings(jsonb, timestamptz, integer, uuid) is
    'The own tenant''s live mappings whose metadata contain an object, newest first, only the claimed workspace''s if '
    'the token names one; raises SP001.';
comment on function public.search_communication_logs(jsonb, timestamptz, integer, uuid) is
    'The own tenant''s live messages whose metadata contain an object, newest first, only the claimed workspace''s if '
    'the token names one; raises SP001.';
