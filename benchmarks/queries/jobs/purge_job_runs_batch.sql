-- name: A batch of the job purge_job_runs
-- about: Reads all runs, which its own retention keeps few. The boundary is a day after the retention's, at a midnight,
--     so that the batch is the same at every hour.
-- requirement: 9.1, 4.2
-- role: postgres
-- scans: private.job_runs
-- uses: job_runs_pkey (job_run_id)
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_job_runs'
-- param retention: select retention - interval '1 day' + (now() - date_trunc('day', now(), 'UTC'))
--     from private.jobs where job_name = 'purge_job_runs'
select b.affected, b.is_last
from private.purge_job_runs_batch(
    (
        select jsonb_populate_record(j, jsonb_build_object('batch_size', 500, 'retention', :retention::text))
        from private.jobs as j where j.job_name = 'purge_job_runs'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
