-- Which person a Slack user is, within a connected workspace.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants, public.slack_connections and public.verified_whatsapp_numbers for the
-- foreign keys, briefly.
create table public.slack_user_mappings (
    tenant_id uuid not null,
    slack_user_mapping_id uuid not null default gen_random_uuid(),
    slack_connection_id uuid not null,
    workspace_id text not null,
    slack_user_id text not null,
    person_name text,
    person_email text,
    verified_whatsapp_number_id uuid,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint slack_user_mappings_pkey primary key (tenant_id, slack_user_mapping_id),
    -- A mapping is nothing without its tenant.
    constraint slack_user_mappings_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    -- Nor without its connection, whose workspace it repeats.
    constraint slack_user_mappings_slack_connections_fkey foreign key (tenant_id, workspace_id, slack_connection_id)
        references public.slack_connections (tenant_id, workspace_id, slack_connection_id)
        on delete cascade on update restrict,
    -- But the person stays known when the number goes.
    constraint slack_user_mappings_verified_whatsapp_numbers_fkey foreign key (tenant_id, verified_whatsapp_number_id)
        references public.verified_whatsapp_numbers (tenant_id, verified_whatsapp_number_id)
        on delete set null (verified_whatsapp_number_id) on update restrict,
    constraint slack_user_id_is_of_slacks_form check (slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'),
    constraint person_name_has_1_to_200_characters check (char_length(person_name) between 1 and 200),
    constraint person_email_is_one_address_of_at_most_320_characters check (
        char_length(person_email) <= 320 and person_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
    ),
    constraint metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
    constraint metadata_has_at_most_16_kilobytes check (octet_length(metadata::text) <= 16384),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index slack_user_mappings_live_slack_user_id_key
    on public.slack_user_mappings (tenant_id, workspace_id, slack_user_id) where deleted_at is null;
create index slack_user_mappings_workspace_id_idx
    on public.slack_user_mappings (workspace_id, slack_user_id) where deleted_at is null;
create index slack_user_mappings_slack_connection_id_idx
    on public.slack_user_mappings (tenant_id, workspace_id, slack_connection_id);
create index slack_user_mappings_verified_whatsapp_number_id_idx
    on public.slack_user_mappings (tenant_id, verified_whatsapp_number_id)
    where verified_whatsapp_number_id is not null;
create index slack_user_mappings_created_at_idx
    on public.slack_user_mappings (tenant_id, created_at) where deleted_at is null;
create index slack_user_mappings_metadata_idx
    on public.slack_user_mappings using gin (metadata jsonb_path_ops) where deleted_at is null;
create index slack_user_mappings_deleted_at_idx
    on public.slack_user_mappings (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.slack_user_mappings
    for each row execute function private.set_updated_at();

alter table public.slack_user_mappings enable row level security;
alter table public.slack_user_mappings force row level security;

create policy select_member on public.slack_user_mappings
    for select to authenticated
    using (
        deleted_at is null
        and tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
create policy insert_member on public.slack_user_mappings
    for insert to authenticated
    with check (
        tenant_id = (select private.current_tenant_id())
        and (
            (select private.current_workspace_id()) is null
            or workspace_id = (select private.current_workspace_id())
        )
    );
create policy update_member on public.slack_user_mappings
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
create policy delete_member on public.slack_user_mappings
    for delete to authenticated
    using (false);

revoke all on table public.slack_user_mappings from public, anon, authenticated, service_role;
grant select on table public.slack_user_mappings to authenticated;
grant insert (
    tenant_id, slack_connection_id, workspace_id, slack_user_id, person_name, person_email,
    verified_whatsapp_number_id, metadata
) on table public.slack_user_mappings to authenticated;
grant update (person_name, person_email, verified_whatsapp_number_id, metadata)
    on table public.slack_user_mappings to authenticated;
grant select, insert, update, delete on table public.slack_user_mappings to service_role;

comment on table public.slack_user_mappings is 'Which person a Slack user is, within a connected workspace.';
comment on column public.slack_user_mappings.tenant_id is 'The tenant that knows the person.';
comment on column public.slack_user_mappings.slack_user_mapping_id is 'The row, within its tenant.';
comment on column public.slack_user_mappings.slack_connection_id is 'The connection that the Slack user was met in.';
comment on column public.slack_user_mappings.workspace_id is 'The connection''s workspace, for the policies.';
comment on column public.slack_user_mappings.slack_user_id is
    'Personal: Slack''s id of the user, within the workspace.';
comment on column public.slack_user_mappings.person_name is 'Personal: the name of the person.';
comment on column public.slack_user_mappings.person_email is 'Personal: the person''s e-mail address.';
comment on column public.slack_user_mappings.verified_whatsapp_number_id is
    'The person''s WhatsApp number, if verified.';
comment on column public.slack_user_mappings.metadata is 'Personal: the tenant''s own attributes.';
comment on column public.slack_user_mappings.created_at is 'When the user was mapped.';
comment on column public.slack_user_mappings.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.slack_user_mappings.deleted_at is 'When the mapping was soft-deleted; NULL: live.';
comment on column public.slack_user_mappings.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.slack_user_mappings_live_slack_user_id_key is
    'A Slack user is mapped once a tenant and workspace; finds the person of a Slack user.';
comment on index public.slack_user_mappings_workspace_id_idx is
    'Finds the mappings of a Slack user that an event comes from, in whichever tenants.';
comment on index public.slack_user_mappings_slack_connection_id_idx is
    'Lists a connection''s users, and deletes with it.';
comment on index public.slack_user_mappings_verified_whatsapp_number_id_idx is
    'Finds the people of a number, and lets go of it.';
comment on index public.slack_user_mappings_created_at_idx is 'Lists a tenant''s mappings, newest first.';
comment on index public.slack_user_mappings_metadata_idx is
    'Finds mappings by metadata; for service_role and definer functions, since @> is not leakproof.';
comment on index public.slack_user_mappings_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.slack_user_mappings is 'Keeps updated_at.';
comment on policy select_member on public.slack_user_mappings is
    'A member reads the tenant''s live mappings, only the claimed workspace''s if the token names one.';
comment on policy insert_member on public.slack_user_mappings is
    'A member maps users of the tenant''s connections, only in the claimed workspace if the token names one.';
comment on policy update_member on public.slack_user_mappings is
    'A member may change the person of what the member reads.';
comment on policy delete_member on public.slack_user_mappings is
    'Nobody deletes as a member; deleting is soft, by function.';
