-- name: A batch of the job purge_verifications
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: whatsapp_verifications_expires_at_idx (expires_at)
-- needs: whatsapp_verifications_expires_at_idx 2
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_verifications'
select b.affected, b.is_last
from private.purge_verifications_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'purge_verifications'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
