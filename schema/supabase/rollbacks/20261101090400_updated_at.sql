-- Locks: none on any table.
drop function private.set_updated_at();
