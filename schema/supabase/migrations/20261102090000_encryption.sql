-- Encrypt-then-MAC, and keyed hashes. No caller gives a key: a version of the registry names a secret in Vault, and each
-- use of the version (cipher, MAC, hash) has a key of its own, derived from the secret.
-- The first version is made when one is first asked for, by the database itself: so no file and no ledger holds a key,
-- and this migration changes no data.
-- Locks: none on any table.

-- Makes the next version current. Whoever calls it holds the lock of rotations, the advisory lock of version 0.
create function private.create_encryption_key()
returns integer
language sql
volatile
begin atomic
    update private.encryption_keys set state = 'superseded', superseded_at = now() where state = 'current';
    insert into private.encryption_keys (key_version, vault_secret_id)
    select
        n.key_version,
        vault.create_secret(
            encode(extensions.gen_random_bytes(32), 'hex'),
            'encryption_key_' || n.key_version,
            'Version ' || n.key_version || ' of private.encryption_keys.'
        )
    from (select coalesce(max(k.key_version), 0) + 1 as key_version from private.encryption_keys as k) as n
    returning key_version;
end;

create function private.current_key_version()
returns integer
language plpgsql
volatile
as $$
declare
    registry constant integer := 'private.encryption_keys'::regclass::oid::integer;
    found_version integer;
begin
    loop
        select k.key_version into found_version from private.encryption_keys as k where k.state = 'current';
        if found_version is null then
            perform pg_advisory_xact_lock(registry, 0);
            if not exists (select from private.encryption_keys as k where k.state = 'current') then
                perform private.create_encryption_key();
            end if;
        else
            -- Retiring the version waits for this lock, which lasts until what is written with the version has
            -- committed. Should the version have been retired before the lock was held, there is another by now.
            -- Trying first is an expression and no statement, which plpgsql evaluates several times as fast.
            if not pg_try_advisory_xact_lock_shared(registry, found_version) then
                perform pg_advisory_xact_lock_shared(registry, found_version);
            end if;
            if exists (
                select from private.encryption_keys as k
                where k.key_version = found_version and k.state <> 'retired'
            ) then
                return found_version;
            end if;
        end if;
    end loop;
end
$$;

create function private.key_secret(key_version integer)
returns bytea
language plpgsql
stable
as $$
declare
    secret text;
begin
    select s.decrypted_secret into secret
    from private.encryption_keys as k
    join vault.decrypted_secrets as s on s.id = k.vault_secret_id
    where k.key_version = key_secret.key_version and k.deleted_at is null;
    if secret is null then
        raise exception 'version % of the encryption key is missing', key_version using
            errcode = 'SP102',
            hint = 'Restore its row in private.encryption_keys and its secret in Vault.';
    end if;
    return convert_to(secret, 'UTF8');
end
$$;

-- HKDF's expand step (RFC 5869, section 2.3) for one block: the use's name, then the block's number.
create function private.derive_key(secret bytea, use bytea)
returns bytea
language sql
immutable
parallel safe
return extensions.hmac(use || '\x01'::bytea, secret, 'sha256');

-- What a ciphertext is bound to, so that no two bindings have the same bytes: each part has a fixed or a stated length.
create function private.ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid)
returns bytea
language sql
stable
parallel safe
return uuid_send(tenant_id) || uuid_send(row_id)
    || int4send(octet_length(table_name)) || convert_to(table_name, 'UTF8')
    || int4send(octet_length(column_name)) || convert_to(column_name, 'UTF8');

create function private.ciphertext_key_version(ciphertext bytea)
returns integer
language sql
immutable
parallel safe
return (get_byte(ciphertext, 1) << 24) | (get_byte(ciphertext, 2) << 16)
    | (get_byte(ciphertext, 3) << 8) | get_byte(ciphertext, 4);

create function private.encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid)
returns bytea
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    context constant bytea := private.ciphertext_context(tenant_id, table_name, column_name, row_id);
    iv constant bytea := extensions.gen_random_bytes(16);
    key_version integer;
    secret bytea;
    sealed bytea;
begin
    if plaintext is null then
        return null;
    end if;
    if context is null then
        raise exception 'a ciphertext must be bound to a tenant, a table, a column and a row' using
            errcode = 'SP001',
            hint = 'Give all four.';
    end if;
    key_version := private.current_key_version();
    secret := private.key_secret(key_version);
    sealed := '\x01'::bytea || int4send(key_version) || iv || extensions.encrypt_iv(
        convert_to(plaintext, 'UTF8'), private.derive_key(secret, 'encrypt'), iv, 'aes-cbc/pad:pkcs'
    );
    return sealed || extensions.hmac(context || sealed, private.derive_key(secret, 'authenticate'), 'sha256');
end
$$;

create function private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
    context constant bytea := private.ciphertext_context(tenant_id, table_name, column_name, row_id);
    sealed_length constant integer := octet_length(ciphertext) - 32;
    secret bytea;
    sealed bytea;
    mac_key bytea;
begin
    if ciphertext is null then
        return null;
    end if;
    if sealed_length >= 37 and (sealed_length - 21) % 16 = 0 and get_byte(ciphertext, 0) = 1 then
        secret := private.key_secret(private.ciphertext_key_version(ciphertext));
        sealed := substr(ciphertext, 1, sealed_length);
        mac_key := private.derive_key(secret, 'authenticate');
        -- SQL compares byte by byte, and how long that takes tells how many agree. So the MACs' own MACs are compared:
        -- nobody without the key can choose one that agrees a little further.
        if extensions.hmac(extensions.hmac(context || sealed, mac_key, 'sha256'), mac_key, 'sha256')
            = extensions.hmac(substr(ciphertext, sealed_length + 1), mac_key, 'sha256')
        then
            return convert_from(
                extensions.decrypt_iv(
                    substr(sealed, 22), private.derive_key(secret, 'encrypt'), substr(sealed, 6, 16), 'aes-cbc/pad:pkcs'
                ),
                'UTF8'
            );
        end if;
    end if;
    raise exception 'the ciphertext in %.% is damaged, or was made for another row or with another key',
        table_name, column_name
        using
            errcode = 'SP101',
            detail = format('Tenant %s, row %s.', tenant_id, row_id),
            hint = 'Restore the column from a backup.';
end
$$;

create function private.hash_text(purpose text, tenant_id uuid, message text, key_version integer default null)
returns bytea
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
    if message is null then
        return null;
    end if;
    if purpose is null or tenant_id is null then
        raise exception 'a keyed hash must be bound to a purpose and a tenant' using
            errcode = 'SP001',
            hint = 'Give both.';
    end if;
    return extensions.hmac(
        uuid_send(tenant_id) || int4send(octet_length(purpose)) || convert_to(purpose, 'UTF8')
        || convert_to(message, 'UTF8'),
        private.derive_key(private.key_secret(coalesce(key_version, private.current_key_version())), 'hash'),
        'sha256'
    );
end
$$;

comment on function private.create_encryption_key() is
    'Makes a key in Vault and registers it as the current version, whose number it returns.';
comment on function private.current_key_version() is
    'The version to write with, made if there is none; it is not retired before the transaction ends.';
comment on function private.key_secret(integer) is 'The secret of a version, from Vault; raises SP102 when it is missing.';
comment on function private.derive_key(bytea, bytea) is 'The key for one use of a version''s secret.';
comment on function private.ciphertext_context(uuid, text, text, uuid) is
    'The bytes of what a ciphertext is bound to; NULL if any of it is NULL.';
comment on function private.ciphertext_key_version(bytea) is 'The version of the key that a ciphertext was made with.';
comment on function private.encrypt_text(text, uuid, text, text, uuid) is
    'Encrypts with the current key, bound to the tenant, table, column and row; NULL gives NULL.';
comment on function private.decrypt_text(bytea, uuid, text, text, uuid) is
    'Decrypts what encrypt_text made for the same row; raises SP101 for anything else, SP102 without the key.';
comment on function private.hash_text(text, uuid, text, integer) is
    'Keyed hash of a message for a purpose of a tenant, by a version or the current one; NULL gives NULL.';
