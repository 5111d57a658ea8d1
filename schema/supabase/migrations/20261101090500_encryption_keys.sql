-- The registry of encryption keys, and the types of what is encrypted with them. The keys themselves are in Vault.
-- Locks: none on any table that exists.
create domain private.ciphertext as bytea
    constraint ciphertext_has_the_layout_of_format_1 check (
        substring(value from 1 for 1) = '\x01'::bytea
        and octet_length(value) >= 69
        and (octet_length(value) - 53) % 16 = 0
    );

create domain private.keyed_hash as bytea
    constraint keyed_hash_has_32_bytes check (octet_length(value) = 32);

create table private.encryption_keys (
    key_version integer not null,
    vault_secret_id uuid not null,
    state text not null default 'current',
    superseded_at timestamptz,
    retired_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint encryption_keys_pkey primary key (key_version),
    constraint encryption_keys_vault_secret_id_key unique (vault_secret_id),
    constraint key_version_is_positive check (key_version > 0),
    constraint state_is_known check (state in ('current', 'superseded', 'retired')),
    constraint current_keys_are_not_superseded check ((state = 'current') = (superseded_at is null)),
    constraint retired_keys_have_their_time check ((state = 'retired') = (retired_at is not null)),
    constraint deleted_keys_are_retired check (deleted_at is null or state = 'retired')
);

create unique index encryption_keys_current_key on private.encryption_keys (state) where state = 'current';

create trigger set_updated_at before insert or update on private.encryption_keys
    for each row execute function private.set_updated_at();

alter table private.encryption_keys enable row level security;
alter table private.encryption_keys force row level security;

revoke all on table private.encryption_keys from public, anon, authenticated, service_role;

comment on domain private.ciphertext is
    'Format 1: the byte 1, the key version (4 bytes, big-endian), the IV (16), AES-256-CBC with PKCS padding (16 a '
    'block), HMAC-SHA-256 (32) over all before it and tenant, table, column and row id.';
comment on domain private.keyed_hash is 'HMAC-SHA-256 under a key that is derived from a version of the registry.';
comment on table private.encryption_keys is
    'Versions of the encryption key: one current, the superseded still decrypt, the retired are used by nothing.';
comment on column private.encryption_keys.key_version is
    'Version; every ciphertext carries it, and none is used twice.';
comment on column private.encryption_keys.vault_secret_id is
    'Id of the key in vault.secrets. No foreign key: the table is the platform''s and postgres may not refer to it.';
comment on column private.encryption_keys.state is
    'current: encrypts and decrypts; superseded: decrypts; retired: was found to be used by nothing, may be removed.';
comment on column private.encryption_keys.superseded_at is 'When a rotation made another version current.';
comment on column private.encryption_keys.retired_at is 'When it was found that nothing uses the version any more.';
comment on column private.encryption_keys.created_at is 'When the version was made.';
comment on column private.encryption_keys.updated_at is 'When the row was last written; kept by a trigger.';
comment on column private.encryption_keys.deleted_at is
    'When an operator took the retired key out of service, to see that nothing misses it; NULL: in service.';
comment on index private.encryption_keys_current_key is 'At most one version is current.';
comment on trigger set_updated_at on private.encryption_keys is 'Keeps updated_at.';
