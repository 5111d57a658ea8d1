-- Loses the registry and its keys; by now nothing is left that they encrypt.
-- Locks: ACCESS EXCLUSIVE on private.encryption_keys.
delete from vault.secrets as s using private.encryption_keys as k where s.id = k.vault_secret_id;
drop table private.encryption_keys;
drop domain private.keyed_hash;
drop domain private.ciphertext;
