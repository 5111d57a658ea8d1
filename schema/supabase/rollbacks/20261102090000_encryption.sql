-- The registry and its keys in Vault stay: rows may be encrypted with them. They go with the registry's own rollback.
-- Locks: none on any table.
drop function private.hash_text(text, uuid, text, integer);
drop function private.decrypt_text(bytea, uuid, text, text, uuid);
drop function private.encrypt_text(text, uuid, text, text, uuid);
drop function private.ciphertext_key_version(bytea);
drop function private.ciphertext_context(uuid, text, text, uuid);
drop function private.derive_key(bytea, bytea);
drop function private.key_secret(integer);
drop function private.current_key_version();
drop function private.create_encryption_key();
