-- Verifying a WhatsApp number: a code is requested and sent by the caller, then checked. Both answer with a status, so
-- that the caller has no reason to roll back, which would forget a wrong try; each belongs into its own transaction.
-- Locks: none on any table.
create function private.random_code(length integer)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
    code text := '';
    bytes bytea;
begin
    if length is null or length not between 4 and 10 then
        raise exception 'a code has 4 to 10 digits, not %', coalesce(length::text, 'NULL') using
            errcode = 'SP201',
            hint = 'Ask for 4 to 10 digits.';
    end if;
    while char_length(code) < length loop
        bytes := extensions.gen_random_bytes(16);
        code := code || coalesce(
            (
                select string_agg((get_byte(bytes, i) % 10)::text, '' order by i)
                from generate_series(0, 15) as i
                -- Of 256 values the last six would make the digits 0 to 5 likelier: they are drawn again.
                where get_byte(bytes, i) < 250
            ),
            ''
        );
    end loop;
    return left(code, length);
end
$$;

-- One purpose, and the row's id in the message: a code is right for the request that it was made for and no other.
create function private.hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer)
returns bytea
language sql
volatile
return private.hash_text('verification_code', tenant_id, whatsapp_verification_id || ':' || code, key_version);

create function public.request_verification_code(
    tenant_id uuid,
    phone_number text,
    code_length integer default 6,
    out status text,
    out whatsapp_verification_id uuid,
    out code text,
    out expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    key_version integer;
    e164 public.e164;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception 'codes cannot be requested under isolation level %', current_setting('transaction_isolation')
        using
            errcode = 'SP202',
            detail = 'Its snapshot would hide what others have requested since from the rate limits.',
            hint = 'Use READ COMMITTED.';
    end if;
    begin
        e164 := phone_number;
    exception
        when check_violation then
            e164 := null;
    end;
    code := private.random_code(code_length);
    if e164 is null then
        status := 'invalid_phone_number';
    else
        -- What is counted must not change until this request is counted too: a tenant's requests go one by one.
        perform pg_advisory_xact_lock(hashtextextended('public.request_verification_code/' || tenant_id, 0));
        -- The lock keeps the tenant from being deleted, which would overlook the code that is made here. It does not
        -- keep others from doing the same, so it is no substitute for the one above.
        perform from public.tenants as t
        where t.tenant_id = request_verification_code.tenant_id and t.deleted_at is null for share;
        if not found then
            status := 'unknown_tenant';
        -- OFFSET looks for the row that fills the limit, and no further.
        elsif exists (
            select from public.whatsapp_verifications as v
            where v.tenant_id = request_verification_code.tenant_id and v.phone_number = e164
                and v.created_at > now() - interval '1 hour'
            offset 4
        ) or exists (
            select from public.whatsapp_verifications as v
            where v.tenant_id = request_verification_code.tenant_id and v.created_at > now() - interval '1 hour'
            offset 999
        ) then
            status := 'rate_limited';
        else
            status := 'requested';
        end if;
    end if;
    if status <> 'requested' then
        code := null;
        return;
    end if;

    -- A code past its time is expired already, for every reader; it does not become superseded.
    update public.whatsapp_verifications as v
    set status = case when v.expires_at <= clock_timestamp() then 'expired' else 'superseded' end
    where v.tenant_id = request_verification_code.tenant_id and v.phone_number = e164
        and v.status = 'pending' and v.deleted_at is null;

    whatsapp_verification_id := gen_random_uuid();
    key_version := private.current_key_version();
    insert into public.whatsapp_verifications as v (
        tenant_id, whatsapp_verification_id, phone_number, code_hash, key_version
    )
    values (
        request_verification_code.tenant_id,
        request_verification_code.whatsapp_verification_id,
        e164,
        private.hash_code(
            request_verification_code.tenant_id,
            request_verification_code.whatsapp_verification_id,
            request_verification_code.code,
            key_version
        ),
        key_version
    )
    returning v.expires_at into expires_at;
end
$$;

create function public.check_verification_code(tenant_id uuid, phone_number text, code text)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
    nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    pending public.whatsapp_verifications;
    given_hash bytea;
begin
    -- The lock puts the tries of a code in a row. Who has waited for it sees what the one before has made of the code.
    select v.* into pending
    from public.whatsapp_verifications as v
    where v.tenant_id = check_verification_code.tenant_id and v.phone_number = check_verification_code.phone_number
        and v.status = 'pending' and v.deleted_at is null
        -- Not now(), which stands still in a transaction that began before the code's time was up.
        and v.expires_at > clock_timestamp()
    for no key update;

    -- Where there is no such code, one is hashed all the same: how long it takes must not tell.
    given_hash := private.hash_code(
        coalesce(tenant_id, nobody),
        coalesce(pending.whatsapp_verification_id, nobody),
        coalesce(code, ''),
        coalesce(
            pending.key_version,
            (select k.key_version from private.encryption_keys as k where k.state = 'current')
        )
    );

    -- Comparing hashes under a key that the caller lacks tells nothing by how long it takes.
    if given_hash = pending.code_hash then
        update public.whatsapp_verifications as v
        set status = 'verified', verified_at = clock_timestamp()
        where v.tenant_id = pending.tenant_id and v.whatsapp_verification_id = pending.whatsapp_verification_id;
        insert into public.verified_whatsapp_numbers as n (tenant_id, phone_number, verified_at)
        values (pending.tenant_id, pending.phone_number, clock_timestamp())
        on conflict (tenant_id, phone_number) where deleted_at is null
        do update set verified_at = excluded.verified_at;
        return 'verified';
    end if;
    if pending.whatsapp_verification_id is not null then
        update public.whatsapp_verifications as v
        set failed_attempts = v.failed_attempts + 1,
            status = case when v.failed_attempts = 4 then 'locked' else v.status end
        where v.tenant_id = pending.tenant_id and v.whatsapp_verification_id = pending.whatsapp_verification_id;
    else
        -- A commit waits for the disk only if something was written, so that not to count would tell as well. This
        -- writes about as much log as counting does, and no row: nothing grows, and nobody waits for anybody.
        perform pg_logical_emit_message(true, 'check_verification_code', repeat('-', 176));
    end if;
    return 'rejected';
end
$$;

create view public.current_verifications with (security_invoker = true) as
select
    v.tenant_id,
    v.whatsapp_verification_id,
    v.phone_number,
    case when v.status = 'pending' and v.expires_at <= now() then 'expired' else v.status end as status,
    v.failed_attempts,
    v.expires_at,
    v.verified_at,
    v.created_at,
    v.updated_at
from public.whatsapp_verifications as v
where v.deleted_at is null;

grant execute on function public.request_verification_code(uuid, text, integer) to service_role;
grant execute on function public.check_verification_code(uuid, text, text) to service_role;
grant select on table public.current_verifications to authenticated, service_role;

comment on function private.random_code(integer) is
    'A code of 4 to 10 digits, each as likely as any other; raises SP201 for other lengths.';
comment on function private.hash_code(uuid, uuid, text, integer) is 'The keyed hash of a code, as code_hash has it.';
comment on function public.request_verification_code(uuid, text, integer) is
    'Makes a code for a tenant''s number, which the caller sends, and supersedes the one before. Status: requested, '
    'rate_limited (5 an hour for a tenant''s number, 1,000 an hour for a tenant), invalid_phone_number, unknown_tenant.';
comment on function public.check_verification_code(uuid, text, text) is
    'verified, once, for the pending code of a tenant''s number, which is then among the verified ones; rejected for '
    'everything else, and the fifth wrong try locks the code.';
comment on view public.current_verifications is
    'Live verifications as they are now: a code past its time is expired, stored or not.';
comment on column public.current_verifications.phone_number is 'Personal: where the code was sent.';
