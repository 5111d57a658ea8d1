-- name: A batch of the job purge_soft_deleted
-- about: A batch of 500 rows, so that its part of a table is as small as it is at scale.
-- requirement: 9.1, 4.2
-- role: postgres
-- uses: communication_logs_deleted_at_idx (deleted_at)
-- uses: slack_user_mappings_deleted_at_idx (deleted_at)
-- uses: usage_statistics_deleted_at_idx (deleted_at)
-- uses: verified_whatsapp_numbers_deleted_at_idx (deleted_at)
-- uses: webhook_attempts_deleted_at_idx (deleted_at)
-- uses: webhook_deliveries_deleted_at_idx (deleted_at)
-- uses: whatsapp_verifications_deleted_at_idx (deleted_at)
-- param run: select max(job_run_id) from private.job_runs where job_name = 'purge_soft_deleted'
select b.affected, b.is_last
from private.purge_soft_deleted_batch(
    (
        select jsonb_populate_record(j, '{"batch_size": 500}')
        from private.jobs as j where j.job_name = 'purge_soft_deleted'
    ),
    (select r from private.job_runs as r where r.job_run_id = :run)
) as b
