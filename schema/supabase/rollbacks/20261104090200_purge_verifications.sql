-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('purge_verifications');
delete from private.jobs where job_name = 'purge_verifications';
drop procedure private.purge_verifications(integer);
drop function private.purge_verifications_batch(private.jobs, private.job_runs);
