-- Loses the table's rows, with its indexes, policies and grants.
-- Locks: ACCESS EXCLUSIVE on private.audit_logs.
drop table private.audit_logs;
