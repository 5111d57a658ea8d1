-- Slack workspaces that a tenant has connected, each with its bot token, encrypted.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants and private.encryption_keys for the foreign keys, briefly.
create table public.slack_connections (
    tenant_id uuid not null,
    slack_connection_id uuid not null default gen_random_uuid(),
    workspace_id text not null,
    workspace_name text not null,
    bot_user_id text not null,
    bot_token_ciphertext private.ciphertext not null,
    key_version integer not null,
    scopes text[] not null default '{}',
    default_channel_id text,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint slack_connections_pkey primary key (tenant_id, slack_connection_id),
    -- What refers to a connection repeats its workspace, for the policies; by this key its foreign key proves it right.
    constraint slack_connections_workspace_id_key unique (tenant_id, workspace_id, slack_connection_id),
    -- A connection is nothing without its tenant.
    constraint slack_connections_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    -- A key that a token needs must not go.
    constraint slack_connections_encryption_keys_fkey foreign key (key_version)
        references private.encryption_keys (key_version) on delete restrict on update restrict,
    constraint workspace_id_is_of_slacks_form check (workspace_id ~ '^[ET][A-Z0-9]{2,20}$'),
    constraint workspace_name_has_1_to_200_characters check (char_length(workspace_name) between 1 and 200),
    constraint bot_user_id_is_of_slacks_form check (bot_user_id ~ '^[UW][A-Z0-9]{2,20}$'),
    constraint bot_token_names_its_key check (substring(bot_token_ciphertext from 2 for 4) = int4send(key_version)),
    constraint bot_token_has_at_most_1_kilobyte check (octet_length(bot_token_ciphertext) <= 1077),
    constraint scopes_are_at_most_100_names check (
        cardinality(scopes) <= 100 and array_position(scopes, null) is null
        and char_length(array_to_string(scopes, ',')) <= 4000
        and array_to_string(scopes, ',') ~ '^[a-z0-9_:.,-]*$'
    ),
    constraint default_channel_id_is_of_slacks_form check (default_channel_id ~ '^[CDG][A-Z0-9]{2,20}$'),
    constraint status_is_known check (status in ('active', 'revoked', 'failing')),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index slack_connections_live_workspace_id_key
    on public.slack_connections (tenant_id, workspace_id) where deleted_at is null;
create index slack_connections_workspace_id_idx on public.slack_connections (workspace_id) where deleted_at is null;
create index slack_connections_key_version_idx on public.slack_connections (key_version);
create index slack_connections_deleted_at_idx
    on public.slack_connections (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.slack_connections
    for each row execute function private.set_updated_at();

alter table public.slack_connections enable row level security;
alter table public.slack_connections force row level security;

create policy select_member on public.slack_connections
    for select to authenticated
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
create policy insert_member on public.slack_connections
    for insert to authenticated
    with check (false);
create policy update_member on public.slack_connections
    for update to authenticated
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    )
    with check (
        tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
create policy delete_member on public.slack_connections
    for delete to authenticated
    using (false);

revoke all on table public.slack_connections from public, anon, authenticated, service_role;
grant select (
    tenant_id, slack_connection_id, workspace_id, workspace_name, bot_user_id, scopes, default_channel_id, status,
    created_at, updated_at, deleted_at
) on table public.slack_connections to authenticated;
grant update (default_channel_id) on table public.slack_connections to authenticated;
grant select, insert, update, delete on table public.slack_connections to service_role;

comment on table public.slack_connections is
    'Slack workspaces that tenants have connected; one may be of several tenants.';
comment on column public.slack_connections.tenant_id is 'The tenant that connected the workspace.';
comment on column public.slack_connections.slack_connection_id is 'The row, within its tenant.';
comment on column public.slack_connections.workspace_id is 'Slack''s id of the workspace (T…) or enterprise (E…).';
comment on column public.slack_connections.workspace_name is 'Slack''s name of the workspace.';
comment on column public.slack_connections.bot_user_id is 'Slack''s id of the bot that the token belongs to.';
comment on column public.slack_connections.bot_token_ciphertext is 'Secret: the bot token, encrypted.';
comment on column public.slack_connections.key_version is 'Version of the key of bot_token_ciphertext.';
comment on column public.slack_connections.scopes is 'What Slack lets the token do.';
comment on column public.slack_connections.default_channel_id is 'Channel that messages without one go to.';
comment on column public.slack_connections.status is
    'active; revoked: Slack refused the token for good; failing: the last calls failed.';
comment on column public.slack_connections.created_at is 'When the workspace was connected.';
comment on column public.slack_connections.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.slack_connections.deleted_at is 'When the connection was soft-deleted; NULL: live.';
comment on column public.slack_connections.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.slack_connections_live_workspace_id_key is
    'A workspace is connected once a tenant, and can be again after it was disconnected; finds a tenant''s connection.';
comment on index public.slack_connections_workspace_id_idx is
    'Finds the tenants of a workspace that an event from Slack comes from.';
comment on index public.slack_connections_key_version_idx is
    'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';
comment on index public.slack_connections_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.slack_connections is 'Keeps updated_at.';
comment on policy select_member on public.slack_connections is
    'A member reads the tenant''s live connections, only the claimed workspace''s if the token names one.';
comment on policy insert_member on public.slack_connections is
    'No member inserts: a connection comes of Slack''s OAuth, which service_role ends with a token.';
comment on policy update_member on public.slack_connections is
    'A member may set the default channel of what the member reads.';
comment on policy delete_member on public.slack_connections is
    'Nobody deletes as a member; deleting is soft, by function.';
