-- name: A batch of what a rotation has to encrypt anew, of slack_connections
-- requirement: 7.2, 4.2
-- role: postgres
-- uses: slack_connections_key_version_idx (key_version)
select r.is_last, cardinality(r.damaged) from private.reencrypt_batch('public.slack_connections', 100, '{}') as r
