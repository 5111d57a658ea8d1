-- name: Usage of a month, day by day
-- requirement: 4.2
-- role: authenticated
-- tenant: public.usage_statistics where deleted_at is null
-- param since: select (max(day) - 30)::text
--     from public.usage_statistics where tenant_id = :tenant and deleted_at is null
-- uses: usage_statistics_live_day_key (tenant_id, day)
-- max_claim_reads: 3
select day, whatsapp_messages, slack_messages, failed_messages
from public.usage_statistics
where day >= :since
order by day
