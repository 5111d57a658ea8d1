drop table public.organisations, public.memberships cascade;
drop function private.add_founder();
drop function private.is_owner(uuid);
drop function private.can_edit(uuid);
drop function private.is_member(uuid);
drop function private.role_in(uuid);
drop schema private;
