-- Loses the runs of the job.
-- Locks: ROW EXCLUSIVE on private.jobs, private.job_runs and cron.job.
select cron.unschedule('purge_communication_logs');
delete from private.jobs where job_name = 'purge_communication_logs';
drop procedure private.purge_communication_logs(integer);
drop function private.purge_communication_logs_batch(private.jobs, private.job_runs);
