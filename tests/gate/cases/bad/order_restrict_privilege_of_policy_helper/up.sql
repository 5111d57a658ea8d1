-- EXECUTE revoked from authenticated on a function that policies call.
-- finds: narrowed:public.memberships:select
-- finds: narrowed:public.notes:delete
-- finds: narrowed:public.notes:insert
revoke execute on function private.current_tenant() from authenticated;
