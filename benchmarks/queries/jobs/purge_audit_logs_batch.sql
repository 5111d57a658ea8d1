-- name: A batch of the job purge_audit_logs
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: audit_logs_occurred_at_idx (occurred_at)
-- needs: audit_logs_occurred_at_idx 2
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_audit_logs'
select b.affected, b.is_last
from private.purge_audit_logs_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'purge_audit_logs'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
