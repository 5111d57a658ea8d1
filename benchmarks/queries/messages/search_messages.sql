-- name: Search of messages by metadata, as a member
-- about: By a definer function, since @> is not leakproof: a member's own condition would be kept from the GIN index.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.communication_logs where deleted_at is null and metadata <> '{}'
-- param metadata: select jsonb_build_object(k.key, k.value)
--     from public.communication_logs as t, jsonb_each(t.metadata) as k
--     where t.tenant_id = :tenant and t.deleted_at is null
--     group by k.key, k.value order by count(*), k.key, k.value limit 1
-- uses: communication_logs_metadata_idx (metadata)
-- needs: communication_logs_metadata_idx 2
select communication_log_id, metadata, created_at
from public.search_communication_logs(:metadata)
