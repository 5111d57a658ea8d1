-- Locks: none on any table.
drop function private.current_workspace_id();
drop function private.current_tenant_id();
