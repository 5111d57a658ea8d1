-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('refresh_usage_statistics');
delete from private.jobs where job_name = 'refresh_usage_statistics';
drop procedure private.refresh_usage_statistics(integer);
drop function private.refresh_usage_statistics_batch(private.jobs, private.job_runs);
