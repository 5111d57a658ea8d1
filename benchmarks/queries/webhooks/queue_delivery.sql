-- name: Queueing a delivery
-- requirement: 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null
-- cases: small, largest
-- param message: select min(communication_log_id::text) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_pkey (tenant_id, communication_log_id)
select public.queue_webhook_delivery(
    tenant_id => :tenant, event_type => 'message.sent', endpoint_url => 'https://hooks.example.com/in', payload => '{}',
    signature => 'sha256=00', communication_log_id => :message
)
