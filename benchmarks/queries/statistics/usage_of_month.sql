-- name: Usage of a month, summed
-- requirement: 8.5, 4.2
-- role: authenticated
-- tenant: public.usage_statistics where deleted_at is null
-- uses: usage_statistics_live_day_key (tenant_id, day)
-- needs: usage_statistics_live_day_key 2
select * from public.usage_between((now() - interval '30 days')::date, now()::date)
