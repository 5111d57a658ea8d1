-- Locks: none on any table.
drop procedure private.reencrypt(integer);
drop function private.reencrypt_batch(regclass, integer, text[]);
drop function private.remove_encryption_key(integer);
drop function private.retire_encryption_key(integer);
drop function private.encryption_key_uses(integer);
drop function private.rotate_encryption_key();
