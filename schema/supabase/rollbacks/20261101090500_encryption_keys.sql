-- Loses the registry; the keys stay in Vault.
-- Locks: ACCESS EXCLUSIVE on private.encryption_keys.
drop table private.encryption_keys;
drop domain private.keyed_hash;
drop domain private.ciphertext;
