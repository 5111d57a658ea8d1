-- Locks: none on any table.
drop function public.restore(text, uuid, uuid);
drop function private.live_rival(regclass, uuid, timestamptz, uuid);
drop function public.soft_delete(text, uuid, uuid);
drop function private.refuse_deletion();
drop function private.deletion_cascades(regclass);
drop function private.deletable_tables();
drop function private.request_tenant_id(uuid);
drop function private.request_bypasses();
