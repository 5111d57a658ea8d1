-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('purge_job_runs');
delete from private.jobs where job_name = 'purge_job_runs';
drop procedure private.purge_job_runs(integer);
drop function private.purge_job_runs_batch(private.jobs, private.job_runs);
