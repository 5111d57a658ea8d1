-- What a member writes is checked in the form that rows are read in since workspace_estimates: whether a workspace claim
-- is absent is asked within the sub-select. What passes is the same as before.
-- Locks: ACCESS EXCLUSIVE on public.slack_connections and public.slack_user_mappings, briefly.
alter policy update_member on public.slack_connections
    with check (
        tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy insert_member on public.slack_user_mappings
    with check (
        tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
alter policy update_member on public.slack_user_mappings
    with check (
        tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id() is null)
            or workspace_id = (select private.current_workspace_id())
        )
    );
