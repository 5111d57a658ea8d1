-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on private.job_runs and, for the foreign keys, on
-- private.jobs.
drop table private.job_runs;
