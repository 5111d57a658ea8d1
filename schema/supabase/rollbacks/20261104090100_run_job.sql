-- Locks: none on any table.
drop procedure private.run_job(text, integer);
drop function private.retention_boundary(interval);
