-- pgsodium in SQL (https://github.com/michelp/pgsodium): the table of keys, for what refers to it. No key is derived and nothing
-- is encrypted: that is refused.
create type pgsodium.key_status as enum ('default', 'valid', 'invalid', 'expired');
create type pgsodium.key_type as enum (
    'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox',
    'secretstream', 'stream_xchacha20'
);

create table pgsodium.key (
    id uuid primary key default gen_random_uuid(),
    status pgsodium.key_status default 'valid',
    created timestamptz not null default current_timestamp,
    expires timestamptz,
    key_type pgsodium.key_type,
    key_id bigserial,
    key_context bytea default 'pgsodium' check (length(key_context) = 8),
    name text unique,
    associated_data text default 'associated',
    raw_key bytea,
    raw_key_nonce bytea,
    parent_key uuid references pgsodium.key (id),
    comment text,
    user_data text
);
select pg_catalog.pg_extension_config_dump('pgsodium.key', '');
select pg_catalog.pg_extension_config_dump('pgsodium.key_key_id_seq', '');

create view pgsodium.valid_key as
select id, name, status, key_type, key_id, key_context, created, expires, associated_data
from pgsodium.key
where status in ('valid', 'default') and (expires is null or expires > now());

create function pgsodium._refuse() returns bytea
language plpgsql
as $$
begin
    raise exception 'this emulated pgsodium neither encrypts nor decrypts' using errcode = 'feature_not_supported';
end
$$;

create function pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null)
returns bytea
language sql
as $$ select pgsodium._refuse() $$;

create function pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null)
returns bytea
language sql
as $$ select pgsodium._refuse() $$;

create function pgsodium.crypto_aead_det_keygen() returns bytea
language sql
as $$ select pgsodium._refuse() $$;

revoke all on all functions in schema pgsodium from public;
