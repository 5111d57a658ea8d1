-- A workspace claim that is absent is found so in the sub-select, not outside it. The planner takes `(select …) is
-- null` for true of one row in 200, whatever comes, and so read all of a tenant's messages and sorted them for a page
-- of 50; of a sub-select that is itself true or false it expects half. What a member reads and writes is the same as
-- before.
-- Locks: ACCESS EXCLUSIVE on public.slack_connections, public.slack_user_mappings and public.communication_logs,
-- briefly.
alter policy select_member on public.slack_connections
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy update_member on public.slack_connections
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy select_member on public.slack_user_mappings
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy update_member on public.slack_user_mappings
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy select_member on public.communication_logs
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
