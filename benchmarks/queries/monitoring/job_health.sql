-- name: Health of the jobs
-- requirement: 9.4, 4.2
-- role: service_role
-- uses: job_runs_started_at_idx (job_name)
select * from public.job_health
