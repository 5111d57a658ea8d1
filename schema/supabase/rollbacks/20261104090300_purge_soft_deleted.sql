-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('purge_soft_deleted');
delete from private.jobs where job_name = 'purge_soft_deleted';
drop procedure private.purge_soft_deleted(integer);
drop function private.purge_soft_deleted_batch(private.jobs, private.job_runs);
