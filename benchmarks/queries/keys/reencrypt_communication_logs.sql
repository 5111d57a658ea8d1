-- name: A batch of what a rotation has to encrypt anew, of communication_logs
-- requirement: 7.2, 4.2
-- role: postgres
-- uses: communication_logs_key_version_idx (key_version)
select r.is_last, cardinality(r.damaged) from private.reencrypt_batch('public.communication_logs', 100, '{}') as r
