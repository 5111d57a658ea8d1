-- Locks: ACCESS EXCLUSIVE on public.slack_connections, public.slack_user_mappings and public.communication_logs,
-- briefly.
alter policy select_member on public.slack_connections
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy update_member on public.slack_connections
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy select_member on public.slack_user_mappings
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy update_member on public.slack_user_mappings
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy select_member on public.communication_logs
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
