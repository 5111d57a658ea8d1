-- Leaves the entries that were written.
-- Locks: ACCESS EXCLUSIVE on private.audit_logs, briefly.
drop trigger refuse_delete on private.audit_logs;
drop trigger refuse_update on private.audit_logs;
drop function private.refuse_audit_change();
drop function private.audit(uuid, text, text, text, text[]);
drop function private.request_subject();
drop function private.request_role();
