-- name: Logging a message that the provider tells of again
-- requirement: 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and provider_message_id is not null
--     and channel = 'whatsapp'
-- cases: small, largest
-- param id: select min(provider_message_id) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null and channel = 'whatsapp'
-- uses: communication_logs_provider_message_id_key
select public.log_communication(
    :tenant, 'whatsapp', 'outbound', 'read', '+491700000099', provider_message_id => :id, body => 'again'
)
