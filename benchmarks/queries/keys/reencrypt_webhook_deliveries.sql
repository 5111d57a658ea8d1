-- name: A batch of what a rotation has to encrypt anew, of webhook_deliveries
-- requirement: 7.2, 4.2
-- role: postgres
-- uses: webhook_deliveries_key_version_idx (key_version)
select r.is_last, cardinality(r.damaged) from private.reencrypt_batch('public.webhook_deliveries', 100, '{}') as r
