-- Locks: ACCESS EXCLUSIVE on public.job_health.
drop function public.job_problems();
drop view public.job_health;
drop function private.job_states();
