-- name: Search of numbers by metadata, as a member
-- about: By a definer function, since @> is not leakproof: a member's own condition would be kept from the GIN index.
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.verified_whatsapp_numbers where deleted_at is null and metadata <> '{}'
-- param metadata: select jsonb_build_object(k.key, k.value)
--     from public.verified_whatsapp_numbers as t, jsonb_each(t.metadata) as k
--     where t.tenant_id = :tenant and t.deleted_at is null
--     group by k.key, k.value order by count(*), k.key, k.value limit 1
-- uses: verified_whatsapp_numbers_metadata_idx (metadata)
-- needs: verified_whatsapp_numbers_metadata_idx 2
select verified_whatsapp_number_id, metadata, created_at
from public.search_verified_whatsapp_numbers(:metadata)
