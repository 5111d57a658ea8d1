-- name: A batch of the job purge_webhook_deliveries
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: webhook_deliveries_finished_at_idx (finished_at)
-- needs: webhook_deliveries_finished_at_idx 2
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_webhook_deliveries'
select b.affected, b.is_last
from private.purge_webhook_deliveries_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'purge_webhook_deliveries'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
