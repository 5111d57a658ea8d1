-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('purge_webhook_deliveries');
delete from private.jobs where job_name = 'purge_webhook_deliveries';
drop procedure private.purge_webhook_deliveries(integer);
drop function private.purge_webhook_deliveries_batch(private.jobs, private.job_runs);
