-- name: A batch of the job purge_communication_logs
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale; more than a batch is past the
--     boundary, so that it is full at every hour.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: communication_logs_created_at_idx (tenant_id, created_at)
-- uses: webhook_deliveries_communication_log_id_idx (tenant_id, communication_log_id)
-- setup: update public.tenants set communication_log_retention_days = 30
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_communication_logs'
select b.affected, b.is_last
from private.purge_communication_logs_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'purge_communication_logs'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
