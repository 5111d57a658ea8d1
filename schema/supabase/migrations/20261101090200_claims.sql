-- Who asks: the tenant and the workspace of the request's token, for the policies.
-- Both helpers are plain SQL with a body that is resolved here, so the planner inlines them and no search_path can
-- change what they mean. Policies call them as `(select …)`, an InitPlan: evaluated once a statement, not once a row.
-- Claims that are not JSON raise 22P02, as auth.jwt() does; everything else that is no valid claim gives no access.
-- Locks: none on any table.
create function private.current_tenant_id()
returns uuid
language sql
stable
parallel safe
-- substring() gives NULL where the claim is no UUID, so the cast never sees what it would raise on.
return substring(
    auth.jwt() ->> 'tenant_id'
    from '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$'
)::uuid;

create function private.current_workspace_id()
returns text
language sql
stable
parallel safe
-- A claim that is there but null must narrow to nothing: NULL would mean the whole tenant.
return case when auth.jwt() ? 'workspace_id' then coalesce(auth.jwt() ->> 'workspace_id', '') end;

revoke all on function private.current_tenant_id() from public;
revoke all on function private.current_workspace_id() from public;
grant execute on function private.current_tenant_id() to authenticated;
grant execute on function private.current_workspace_id() to authenticated;

comment on function private.current_tenant_id() is
    'The tenant that the request''s token names; NULL unless the claim tenant_id is a UUID in its canonical form.';
comment on function private.current_workspace_id() is
    'The Slack workspace that the token narrows the request to; NULL when it has no such claim, and text that equals '
    'no workspace when the claim is malformed.';
