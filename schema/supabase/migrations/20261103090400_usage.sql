-- Counting a tenant's usage by day, for the job, and summing it over a period, for whom it is about.
-- Locks: none on any table.
create function private.refresh_usage(from_day date, to_day date)
returns bigint
language plpgsql
volatile
as $$
declare
    written bigint;
begin
    if from_day is null or to_day is null or not isfinite(from_day) or not isfinite(to_day) or from_day > to_day then
        raise exception 'no period from % to %', coalesce(from_day::text, 'NULL'), coalesce(to_day::text, 'NULL') using
            errcode = 'SP501',
            hint = 'Give two days, the first one first.';
    end if;
    -- A row for a deleted tenant would be live under it, and stand in the way of restoring it. So none may be deleted
    -- before the rows are committed; one that somebody writes to right now is counted the next time.
    with live as materialized (
        select t.tenant_id from public.tenants as t where t.deleted_at is null for share skip locked
    )
    insert into public.usage_statistics as u (
        tenant_id, day, whatsapp_messages, slack_messages, failed_messages, verifications_requested,
        verifications_succeeded, webhooks_delivered, webhooks_exhausted
    )
    select
        t.tenant_id, d.day, l.whatsapp, l.slack, l.failed, v.requested, v.succeeded, w.delivered, w.exhausted
    from live as t
    cross join (
        select
            from_day + n as day,
            (from_day + n)::timestamp at time zone 'UTC' as first_instant,
            (from_day + n + 1)::timestamp at time zone 'UTC' as next_instant
        from generate_series(0, to_day - from_day) as n
    ) as d
    -- Whether or not a row was deleted softly since: it was used.
    cross join lateral (
        select
            count(*) filter (where c.channel = 'whatsapp') as whatsapp,
            count(*) filter (where c.channel = 'slack') as slack,
            count(*) filter (where c.status = 'failed') as failed
        from public.communication_logs as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as l
    cross join lateral (
        select count(*) as requested, count(*) filter (where c.status = 'verified') as succeeded
        from public.whatsapp_verifications as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as v
    cross join lateral (
        select
            count(*) filter (where c.status = 'delivered') as delivered,
            count(*) filter (where c.status = 'exhausted') as exhausted
        from public.webhook_deliveries as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as w
    where l.whatsapp + l.slack + v.requested + w.delivered + w.exhausted > 0
    on conflict (tenant_id, day) where deleted_at is null do update set
        -- Never less than before: by now a job may have removed what was counted.
        whatsapp_messages = greatest(u.whatsapp_messages, excluded.whatsapp_messages),
        slack_messages = greatest(u.slack_messages, excluded.slack_messages),
        -- But a message that failed may have been delivered since: where none is missing, the new count is right.
        failed_messages = case
            when excluded.whatsapp_messages >= u.whatsapp_messages and excluded.slack_messages >= u.slack_messages
                then excluded.failed_messages
            else greatest(u.failed_messages, excluded.failed_messages)
        end,
        verifications_requested = greatest(u.verifications_requested, excluded.verifications_requested),
        verifications_succeeded = greatest(u.verifications_succeeded, excluded.verifications_succeeded),
        webhooks_delivered = greatest(u.webhooks_delivered, excluded.webhooks_delivered),
        webhooks_exhausted = greatest(u.webhooks_exhausted, excluded.webhooks_exhausted)
    -- Most days of most tenants are as they were.
    where (
        u.whatsapp_messages, u.slack_messages, u.failed_messages, u.verifications_requested, u.verifications_succeeded,
        u.webhooks_delivered, u.webhooks_exhausted
    ) <> (
        excluded.whatsapp_messages, excluded.slack_messages, excluded.failed_messages,
        excluded.verifications_requested, excluded.verifications_succeeded, excluded.webhooks_delivered,
        excluded.webhooks_exhausted
    );
    get diagnostics written = row_count;
    return written;
end
$$;

create function public.usage_between(
    from_day date,
    to_day date,
    tenant_id uuid default null,
    out whatsapp_messages bigint,
    out slack_messages bigint,
    out failed_messages bigint,
    out verifications_requested bigint,
    out verifications_succeeded bigint,
    out webhooks_delivered bigint,
    out webhooks_exhausted bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    if from_day is null or to_day is null or from_day > to_day then
        raise exception 'no period from % to %', coalesce(from_day::text, 'NULL'), coalesce(to_day::text, 'NULL') using
            errcode = 'SP501',
            hint = 'Give two days, the first one first.';
    end if;
    select
        coalesce(sum(u.whatsapp_messages), 0),
        coalesce(sum(u.slack_messages), 0),
        coalesce(sum(u.failed_messages), 0),
        coalesce(sum(u.verifications_requested), 0),
        coalesce(sum(u.verifications_succeeded), 0),
        coalesce(sum(u.webhooks_delivered), 0),
        coalesce(sum(u.webhooks_exhausted), 0)
    into
        whatsapp_messages, slack_messages, failed_messages, verifications_requested, verifications_succeeded,
        webhooks_delivered, webhooks_exhausted
    from public.usage_statistics as u
    where u.tenant_id = private.request_tenant_id(usage_between.tenant_id) and u.deleted_at is null
        and u.day between from_day and to_day;
end
$$;

grant execute on function public.usage_between(date, date, uuid) to authenticated, service_role;

comment on function private.refresh_usage(date, date) is
    'Counts the usage of every live tenant on each day of a period, in UTC, and returns how many rows that wrote. A '
    'count never falls because rows were removed. Raises SP501 for what is no period.';
comment on function public.usage_between(date, date, uuid) is
    'Sums what was counted for a tenant from one day to another, both included: zeros where nothing was. Members ask '
    'for their own tenant; service_role names the tenant. Raises SP501 for what is no period.';
