-- name: Counting the usage of a day
-- about: The job's inner function, over all tenants.
-- requirement: 8.5, 4.2
-- role: postgres
-- uses: communication_logs_created_at_idx (tenant_id, created_at)
-- uses: webhook_deliveries_created_at_idx (tenant_id, created_at)
-- uses: whatsapp_verifications_created_at_idx (tenant_id, created_at)
select private.refresh_usage(now()::date - 1, now()::date - 1)
