-- name: A batch of the job refresh_usage_statistics
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: job_runs_started_at_idx (job_name)
-- needs: job_runs_started_at_idx 2
-- uses: communication_logs_created_at_idx (tenant_id, created_at)
-- param run: select max(job_run_id) from private.job_runs where job_name = 'refresh_usage_statistics'
select b.affected, b.is_last
from private.refresh_usage_statistics_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'refresh_usage_statistics'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
