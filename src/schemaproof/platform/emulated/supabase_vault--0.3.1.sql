-- Supabase Vault in SQL: the table, view, functions and privileges of supabase_vault 0.3
-- (https://github.com/supabase/vault). Secrets are encrypted at rest under keys derived from a root key that lies outside
-- the data directory: in a file of mode 0600 in the server's socket directory, written when it is not there yet. With
-- schemaproof.vault_key = 'database', for a server on which no file may be left, it lies in a table of the superuser.

-- pgcrypto may be in any schema, and @extschema:pgcrypto@ is not before 16.
do $install$
declare
    pgcrypto constant text := (
        select n.nspname from pg_catalog.pg_extension as e
        join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'pgcrypto'
    );
    file constant text := pg_catalog.split_part(pg_catalog.current_setting('unix_socket_directories'), ',', 1)
        || '/vault.key';
begin
    if pg_catalog.current_setting('schemaproof.vault_key', true) = 'database' then
        execute pg_catalog.format(
            'create table vault._root_keys as select pg_catalog.encode(%I.gen_random_bytes(32), ''hex'') as key', pgcrypto);
        revoke all on vault._root_keys from public;
        create function vault._root_key() returns bytea language sql stable
        return (select pg_catalog.decode(key, 'hex') from vault._root_keys);
    else
        if pg_catalog.pg_stat_file(file, true) is null then
            -- Linked in place, not written in place: of two databases that make it at once, one wins and both read it.
            execute pg_catalog.format(
                'copy (select pg_catalog.encode(%I.gen_random_bytes(32), ''hex'')) to program %L', pgcrypto,
                pg_catalog.format('umask 077; cd %s && cat > vault.key.$$ && { ln vault.key.$$ vault.key || true; }; '
                    'rm -f vault.key.$$', '''' || pg_catalog.replace(
                    pg_catalog.regexp_replace(file, '/[^/]*$', ''), '''', '''\''''') || ''''));
        end if;
        -- In plpgsql, whose plans last as long as the session: SQL of a volatile function is planned anew each time.
        execute pg_catalog.format(
            'create function vault._root_key() returns bytea language plpgsql stable as $$ begin'
            ' return pg_catalog.decode(pg_catalog.btrim(pg_catalog.pg_read_file(%L), E''\n''), ''hex''); end $$', file);
    end if;

    -- Synthetic IV: a keyed hash of all that is authenticated is both the IV and the tag, so that the same message under
    -- the same nonce gives the same ciphertext and nothing else can be told from it.
    execute pg_catalog.format($body$
        create function vault._seal(
            root bytea, message bytea, additional bytea, key_id bigint, context bytea, nonce bytea
        )
        returns bytea language sql immutable
        return %1$I.hmac(
            int8send(coalesce(key_id, 0)) || int4send(length(context)) || context
            || int4send(length(coalesce(nonce, ''))) || coalesce(nonce, '')
            || int4send(length(additional)) || additional || message,
            %1$I.hmac('vault authentication'::bytea, root, 'sha256'), 'sha256')
    $body$, pgcrypto);

    execute pg_catalog.format($body$
        create function vault._crypto_aead_det_encrypt(
            message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
        ) returns bytea language plpgsql stable security definer set search_path = pg_catalog as $$
        declare
            root constant bytea := vault._root_key();
            seal constant bytea := vault._seal(root, message, additional, key_id, context, nonce);
        begin
            return seal || %1$I.encrypt_iv(
                message, %1$I.hmac('vault encryption'::bytea, root, 'sha256'), substr(seal, 1, 16), 'aes');
        end
        $$
    $body$, pgcrypto);

    execute pg_catalog.format($body$
        create function vault._crypto_aead_det_decrypt(
            message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
        ) returns bytea language plpgsql stable security definer set search_path = pg_catalog as $$
        declare
            root constant bytea := vault._root_key();
            seal constant bytea := substr(message, 1, 32);
            plain bytea;
        begin
            plain := %1$I.decrypt_iv(
                substr(message, 33), %1$I.hmac('vault encryption'::bytea, root, 'sha256'),
                substr(seal, 1, 16), 'aes');
            if vault._seal(root, plain, additional, key_id, context, nonce) is distinct from seal then
                raise exception 'invalid ciphertext' using errcode = 'data_exception';
            end if;
            return plain;
        exception when external_routine_invocation_exception then
            raise exception 'invalid ciphertext' using errcode = 'data_exception';
        end
        $$
    $body$, pgcrypto);

    execute pg_catalog.format($body$
        create function vault._crypto_aead_det_noncegen() returns bytea language sql volatile
        return %1$I.gen_random_bytes(16)
    $body$, pgcrypto);
end
$install$;

create table vault.secrets (
    id uuid primary key default gen_random_uuid(),
    name text,
    description text not null default '',
    secret text not null,
    key_id uuid,
    nonce bytea default vault._crypto_aead_det_noncegen(),
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp
);
create unique index secrets_name_idx on vault.secrets (name) where name is not null;
comment on table vault.secrets is 'Table with encrypted `secret` column for storing sensitive information on disk.';

create view vault.decrypted_secrets as
select
    s.id,
    s.name,
    s.description,
    s.secret,
    convert_from(
        vault._crypto_aead_det_decrypt(
            message => decode(s.secret, 'base64'),
            additional => convert_to(s.id::text, 'utf8'),
            key_id => 0,
            context => 'pgsodium'::bytea,
            nonce => s.nonce
        ),
        'utf8'
    ) as decrypted_secret,
    s.key_id,
    s.nonce,
    s.created_at,
    s.updated_at
from vault.secrets as s;

-- postgres has neither INSERT nor UPDATE on the table: these two write with their owner's rights.
create function vault.create_secret(
    new_secret text,
    new_name text default null,
    new_description text default '',
    new_key_id uuid default null
) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
    new_id constant uuid := gen_random_uuid();
    new_nonce constant bytea := vault._crypto_aead_det_noncegen();
begin
    insert into vault.secrets (id, name, description, secret, nonce)
    values (
        new_id, new_name, new_description,
        encode(vault._crypto_aead_det_encrypt(
            convert_to(new_secret, 'utf8'), convert_to(new_id::text, 'utf8'), 0, 'pgsodium', new_nonce), 'base64'),
        new_nonce
    );
    return new_id;
end
$$;

create function vault.update_secret(
    secret_id uuid,
    new_secret text default null,
    new_name text default null,
    new_description text default null,
    new_key_id uuid default null
) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    update vault.secrets as s
    set
        secret = case
            when new_secret is null then s.secret
            else encode(vault._crypto_aead_det_encrypt(
                convert_to(new_secret, 'utf8'), convert_to(s.id::text, 'utf8'), 0, 'pgsodium', s.nonce), 'base64')
        end,
        name = coalesce(new_name, s.name),
        description = coalesce(new_description, s.description),
        updated_at = now()
    where s.id = secret_id;
end
$$;

revoke all on function
    vault._root_key(),
    vault._seal(bytea, bytea, bytea, bigint, bytea, bytea),
    vault._crypto_aead_det_encrypt(bytea, bytea, bigint, bytea, bytea),
    vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea),
    vault._crypto_aead_det_noncegen(),
    vault.create_secret(text, text, text, uuid),
    vault.update_secret(uuid, text, text, text, uuid)
from public;

select pg_catalog.pg_extension_config_dump('vault.secrets', '');
