drop table public.memberships;
drop table public.tenants;
drop function private.touch_updated_at();
drop function private.current_tenant();
drop type public.member_role;
drop schema private;
