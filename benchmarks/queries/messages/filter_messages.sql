-- name: A member's own filter on metadata
-- about: What search_messages saves: row-level security keeps @> from the GIN index, so that all of the tenant's messages
--     are read.
-- requirement: 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null and metadata <> '{}'
-- param metadata: select jsonb_build_object(k.key, k.value)
--     from public.communication_logs as t, jsonb_each(t.metadata) as k
--     where t.tenant_id = :tenant and t.deleted_at is null
--     group by k.key, k.value order by count(*), k.key, k.value limit 1
-- max_claim_reads: 3
select communication_log_id, metadata, created_at
from public.communication_logs
where metadata @> :metadata
