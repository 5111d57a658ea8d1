-- name: Message that a provider's callback is about
-- about: The provider knows its own id of the message, and no tenant.
-- requirement: 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and provider_message_id is not null
-- cases: small, largest
-- param id: select min(provider_message_id) from public.communication_logs
--     where tenant_id = :tenant and deleted_at is null
-- uses: communication_logs_provider_message_id_key (provider_message_id)
-- needs: communication_logs_provider_message_id_key 10
-- max_buffers: 10
select tenant_id, communication_log_id, status
from public.communication_logs
where provider_message_id = :id and channel in ('whatsapp', 'slack') and deleted_at is null
