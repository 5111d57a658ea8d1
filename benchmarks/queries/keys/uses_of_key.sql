-- name: Whether a version of the key is still in use
-- requirement: 7.2, 4.2
-- role: postgres
-- returns: any
-- uses: communication_logs_key_version_idx (key_version)
-- uses: slack_connections_key_version_idx (key_version)
-- uses: webhook_deliveries_key_version_idx (key_version)
-- uses: whatsapp_verifications_key_version_idx (key_version)
select private.encryption_key_uses(999)
