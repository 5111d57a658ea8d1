-- name: Search of messages by metadata, as the back end
-- requirement: 4.1, 4.2
-- role: service_role
-- tenant: public.communication_logs where deleted_at is null and metadata <> '{}'
-- param metadata: select jsonb_build_object(k.key, k.value)
--     from public.communication_logs as t, jsonb_each(t.metadata) as k
--     where t.tenant_id = :tenant and t.deleted_at is null
--     group by k.key, k.value order by count(*), k.key, k.value limit 1
-- uses: communication_logs_metadata_idx (metadata)
-- plans: custom
select communication_log_id, metadata, created_at
from public.communication_logs
where tenant_id = :tenant and metadata @> :metadata and deleted_at is null
order by created_at desc
limit 100
