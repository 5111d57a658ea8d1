-- The life of a key: made current, superseded by the next one, left by every row, retired, removed with its secret.
-- Locks: none on any table.
create function private.rotate_encryption_key()
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    key_version integer;
begin
    -- Version 0 is none: its lock is that of rotations.
    if not pg_try_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, 0) then
        raise exception 'another rotation of the encryption key is under way' using
            errcode = 'SP103',
            hint = 'Wait until it has committed; rotate again only if its key is not to be trusted.';
    end if;
    key_version := private.create_encryption_key();
    perform private.audit(null, 'rotate', 'private.encryption_keys', key_version::text, null);
    return key_version;
end
$$;

-- What uses a version is asked of the foreign keys: a table with encrypted or hashed columns has one to the registry.
create function private.encryption_key_uses(key_version integer)
returns setof text
language plpgsql
stable
as $$
declare
    use record;
    used boolean;
begin
    for use in
        select c.relnamespace::regnamespace || '.' || quote_ident(c.relname) as table_name, a.attname as column_name
        from pg_catalog.pg_constraint as r
        join pg_catalog.pg_class as c on c.oid = r.conrelid
        join pg_catalog.pg_attribute as a on a.attrelid = r.conrelid and a.attnum = r.conkey[1]
        where r.contype = 'f' and r.confrelid = 'private.encryption_keys'::regclass
        order by table_name
    loop
        execute format('select exists (select from %s as t where t.%I = $1)', use.table_name, use.column_name)
            into used using key_version;
        if used then
            return next use.table_name;
        end if;
    end loop;
end
$$;

create function private.retire_encryption_key(key_version integer)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    found_state text;
    users text;
begin
    -- Waits for who writes with the version still, and holds off who would begin to. The row is locked as well, for who
    -- took the version without its lock and has inserted; who has not yet is stopped by the foreign key at removal.
    perform pg_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, key_version);
    select k.state into found_state
    from private.encryption_keys as k where k.key_version = retire_encryption_key.key_version for update;
    if found_state is distinct from 'superseded' then
        raise exception 'version % of the encryption key cannot be retired: it is %',
            key_version, coalesce(found_state, 'not registered')
            using
                errcode = 'SP105',
                hint = 'Retire a version that private.rotate_encryption_key() has superseded.';
    end if;
    select string_agg(u, ', ') into users from private.encryption_key_uses(key_version) as u;
    if users is not null then
        raise exception 'version % of the encryption key is in use by %', key_version, users using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), and wait until private.purge_verifications() has removed the codes.';
    end if;
    update private.encryption_keys as k set state = 'retired', retired_at = now()
    where k.key_version = retire_encryption_key.key_version;
    perform private.audit(null, 'retire', 'private.encryption_keys', key_version::text, null);
end
$$;

create function private.remove_encryption_key(key_version integer)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    secret_id uuid;
begin
    delete from private.encryption_keys as k
    where k.key_version = remove_encryption_key.key_version and k.state = 'retired'
    returning k.vault_secret_id into secret_id;
    if secret_id is null then
        raise exception 'version % of the encryption key cannot be removed: it is not retired', key_version using
            errcode = 'SP105',
            hint = 'Call private.retire_encryption_key() first.';
    end if;
    delete from vault.secrets as s where s.id = secret_id;
    perform private.audit(null, 'remove', 'private.encryption_keys', key_version::text, null);
exception
    when foreign_key_violation or restrict_violation then
        raise exception 'version % of the encryption key is in use', key_version using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), then remove it again.';
end
$$;

-- Each batch is committed, so that a kill loses one, and takes only rows that nobody has locked, so that no writer waits;
-- what it finds to do is told by the rows alone. A version that is no longer the newest is found by its index.
-- Codes cannot be hashed anew, since nobody knows them: the job that removes them frees their version within a day.
create procedure private.reencrypt(batch_size integer default 1000)
language plpgsql
as $$
declare
    written integer;
begin
    if batch_size is null or batch_size not between 1 and 100000 then
        raise exception 'a batch of % rows', coalesce(batch_size::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 100000.';
    end if;
    loop
        with stale as materialized (
            select c.tenant_id, c.slack_connection_id, c.bot_token_ciphertext
            from public.slack_connections as c
            where c.key_version < (select max(k.key_version) from private.encryption_keys as k)
            limit batch_size
            for update skip locked
        ), fresh as materialized (
            select
                s.tenant_id, s.slack_connection_id,
                private.encrypt_text(
                    private.decrypt_text(
                        s.bot_token_ciphertext, s.tenant_id, 'public.slack_connections', 'bot_token_ciphertext',
                        s.slack_connection_id
                    ),
                    s.tenant_id, 'public.slack_connections', 'bot_token_ciphertext', s.slack_connection_id
                ) as bot_token_ciphertext
            from stale as s
        )
        update public.slack_connections as c
        set bot_token_ciphertext = f.bot_token_ciphertext,
            key_version = private.ciphertext_key_version(f.bot_token_ciphertext)
        from fresh as f
        where c.tenant_id = f.tenant_id and c.slack_connection_id = f.slack_connection_id;
        get diagnostics written = row_count;
        commit;
        exit when written = 0;
    end loop;
    loop
        with stale as materialized (
            select l.tenant_id, l.communication_log_id, l.phone_number_ciphertext
            from public.communication_logs as l
            where l.key_version < (select max(k.key_version) from private.encryption_keys as k)
            limit batch_size
            for update skip locked
        ), plain as materialized (
            select
                s.tenant_id, s.communication_log_id,
                private.decrypt_text(
                    s.phone_number_ciphertext, s.tenant_id, 'public.communication_logs', 'phone_number_ciphertext',
                    s.communication_log_id
                ) as phone_number
            from stale as s
        ), fresh as materialized (
            select
                p.tenant_id, p.communication_log_id, p.phone_number,
                private.encrypt_text(
                    p.phone_number, p.tenant_id, 'public.communication_logs', 'phone_number_ciphertext',
                    p.communication_log_id
                ) as phone_number_ciphertext
            from plain as p
        )
        update public.communication_logs as l
        set phone_number_ciphertext = f.phone_number_ciphertext,
            phone_number_hash = private.hash_text(
                'phone_number', f.tenant_id, f.phone_number,
                private.ciphertext_key_version(f.phone_number_ciphertext)
            ),
            key_version = private.ciphertext_key_version(f.phone_number_ciphertext)
        from fresh as f
        where l.tenant_id = f.tenant_id and l.communication_log_id = f.communication_log_id;
        get diagnostics written = row_count;
        commit;
        exit when written = 0;
    end loop;
    loop
        with stale as materialized (
            select d.tenant_id, d.webhook_delivery_id, d.signature_ciphertext
            from public.webhook_deliveries as d
            where d.key_version < (select max(k.key_version) from private.encryption_keys as k)
            limit batch_size
            for update skip locked
        ), fresh as materialized (
            select
                s.tenant_id, s.webhook_delivery_id,
                private.encrypt_text(
                    private.decrypt_text(
                        s.signature_ciphertext, s.tenant_id, 'public.webhook_deliveries', 'signature_ciphertext',
                        s.webhook_delivery_id
                    ),
                    s.tenant_id, 'public.webhook_deliveries', 'signature_ciphertext', s.webhook_delivery_id
                ) as signature_ciphertext
            from stale as s
        )
        update public.webhook_deliveries as d
        set signature_ciphertext = f.signature_ciphertext,
            key_version = private.ciphertext_key_version(f.signature_ciphertext)
        from fresh as f
        where d.tenant_id = f.tenant_id and d.webhook_delivery_id = f.webhook_delivery_id;
        get diagnostics written = row_count;
        commit;
        exit when written = 0;
    end loop;
    perform private.audit(
        null, 'reencrypt', 'private.encryption_keys', (select max(k.key_version) from private.encryption_keys as k)::text,
        null
    );
end
$$;

comment on function private.rotate_encryption_key() is
    'Makes a new version of the key current, which it returns, and supersedes the current one; raises SP103 during another.';
comment on function private.encryption_key_uses(integer) is 'The tables with rows that use a version of the key.';
comment on function private.retire_encryption_key(integer) is
    'Retires a superseded version; raises SP104 while a row uses it, SP105 unless it is superseded.';
comment on function private.remove_encryption_key(integer) is
    'Removes a retired version and its secret in Vault; raises SP104 while a row uses it, SP105 unless it is retired.';
comment on procedure private.reencrypt(integer) is
    'Encrypts and hashes anew, with the current key, what older versions hold; commits after each batch of rows.';
