-- Tenants: the root of everything that a tenant owns.
-- Locks: none on any table that exists.
create table public.tenants (
    tenant_id uuid not null default gen_random_uuid(),
    name text not null,
    communication_log_retention_days integer not null default 180,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint tenants_pkey primary key (tenant_id),
    constraint tenant_id_is_not_nil check (tenant_id <> '00000000-0000-0000-0000-000000000000'),
    constraint name_has_1_to_200_characters check (char_length(name) between 1 and 200),
    constraint retention_is_1_day_to_10_years check (communication_log_retention_days between 1 and 3650),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create index tenants_deleted_at_idx on public.tenants (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.tenants
    for each row execute function private.set_updated_at();

alter table public.tenants enable row level security;
alter table public.tenants force row level security;

create policy select_member on public.tenants
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.tenants
    for insert to authenticated
    with check (false);
create policy update_member on public.tenants
    for update to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()))
    with check (tenant_id = (select private.current_tenant_id()));
create policy delete_member on public.tenants
    for delete to authenticated
    using (false);

revoke all on table public.tenants from public, anon, authenticated, service_role;
grant select on table public.tenants to authenticated;
grant update (name) on table public.tenants to authenticated;
grant select, insert, update, delete on table public.tenants to service_role;

comment on table public.tenants is 'Customers of the product; deleting one for good deletes all that it owns.';
comment on column public.tenants.tenant_id is
    'The tenant, as the claim tenant_id names it. Never the nil UUID, which stands for the system in the audit log.';
comment on column public.tenants.name is 'Name of the customer.';
comment on column public.tenants.communication_log_retention_days is
    'Days after which a communication log is removed for good. Set by service_role: shortening it destroys data.';
comment on column public.tenants.created_at is 'When the tenant was made.';
comment on column public.tenants.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.tenants.deleted_at is 'When the tenant was soft-deleted; NULL: live.';
comment on column public.tenants.deletion_id is 'What was deleted together shares it, and is restored together.';
comment on index public.tenants_deleted_at_idx is 'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.tenants is 'Keeps updated_at.';
comment on policy select_member on public.tenants is 'A member reads the own tenant while it is live.';
comment on policy insert_member on public.tenants is
    'No member makes a tenant; signing up is the work of service_role.';
comment on policy update_member on public.tenants is 'A member may rename the own tenant.';
comment on policy delete_member on public.tenants is 'Nobody deletes as a member; deleting is soft, by function.';
