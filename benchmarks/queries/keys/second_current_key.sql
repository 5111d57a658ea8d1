-- name: A second current key
-- about: Two rotations at once cannot leave two current keys, of which a writer would take either.
-- requirement: 7.2, 4.2
-- role: postgres
-- refused: 23505 encryption_keys_current_key
insert into private.encryption_keys (key_version, vault_secret_id, state)
values (2147483647, gen_random_uuid(), 'current')
