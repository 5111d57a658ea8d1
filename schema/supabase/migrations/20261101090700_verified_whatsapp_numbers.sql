-- WhatsApp numbers that a tenant has proved to be its own.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants for the foreign key, for as long as it takes to make an empty table.
create table public.verified_whatsapp_numbers (
    tenant_id uuid not null,
    verified_whatsapp_number_id uuid not null default gen_random_uuid(),
    phone_number public.e164 not null,
    label text,
    metadata jsonb not null default '{}',
    verified_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint verified_whatsapp_numbers_pkey primary key (tenant_id, verified_whatsapp_number_id),
    -- A number is nothing without its tenant.
    constraint verified_whatsapp_numbers_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    constraint label_has_1_to_100_characters check (char_length(label) between 1 and 100),
    constraint metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
    constraint metadata_has_at_most_16_kilobytes check (octet_length(metadata::text) <= 16384),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index verified_whatsapp_numbers_live_phone_number_key
    on public.verified_whatsapp_numbers (tenant_id, phone_number) where deleted_at is null;
create index verified_whatsapp_numbers_created_at_idx
    on public.verified_whatsapp_numbers (tenant_id, created_at) where deleted_at is null;
create index verified_whatsapp_numbers_metadata_idx
    on public.verified_whatsapp_numbers using gin (metadata jsonb_path_ops) where deleted_at is null;
create index verified_whatsapp_numbers_deleted_at_idx
    on public.verified_whatsapp_numbers (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.verified_whatsapp_numbers
    for each row execute function private.set_updated_at();

alter table public.verified_whatsapp_numbers enable row level security;
alter table public.verified_whatsapp_numbers force row level security;

create policy select_member on public.verified_whatsapp_numbers
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.verified_whatsapp_numbers
    for insert to authenticated
    with check (false);
create policy update_member on public.verified_whatsapp_numbers
    for update to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()))
    with check (tenant_id = (select private.current_tenant_id()));
create policy delete_member on public.verified_whatsapp_numbers
    for delete to authenticated
    using (false);

revoke all on table public.verified_whatsapp_numbers from public, anon, authenticated, service_role;
grant select on table public.verified_whatsapp_numbers to authenticated;
grant update (label, metadata) on table public.verified_whatsapp_numbers to authenticated;
grant select, insert, update, delete on table public.verified_whatsapp_numbers to service_role;

comment on table public.verified_whatsapp_numbers is 'WhatsApp numbers that a tenant has verified with a code.';
comment on column public.verified_whatsapp_numbers.tenant_id is 'The tenant that verified the number.';
comment on column public.verified_whatsapp_numbers.verified_whatsapp_number_id is 'The row, within its tenant.';
comment on column public.verified_whatsapp_numbers.phone_number is
    'Personal: the number. Live once a tenant; several tenants may have verified the same one.';
comment on column public.verified_whatsapp_numbers.label is 'Personal: what the tenant calls it, often a name.';
comment on column public.verified_whatsapp_numbers.metadata is 'Personal: the tenant''s own attributes.';
comment on column public.verified_whatsapp_numbers.verified_at is 'When the right code was given.';
comment on column public.verified_whatsapp_numbers.created_at is 'When the row was made.';
comment on column public.verified_whatsapp_numbers.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.verified_whatsapp_numbers.deleted_at is 'When the number was soft-deleted; NULL: live.';
comment on column public.verified_whatsapp_numbers.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.verified_whatsapp_numbers_live_phone_number_key is
    'A number is live once a tenant, and can be verified again after it was deleted; finds a tenant''s number.';
comment on index public.verified_whatsapp_numbers_created_at_idx is 'Lists a tenant''s numbers, newest first.';
comment on index public.verified_whatsapp_numbers_metadata_idx is
    'Finds numbers by metadata; for service_role and definer functions, since @> is not leakproof.';
comment on index public.verified_whatsapp_numbers_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.verified_whatsapp_numbers is 'Keeps updated_at.';
comment on policy select_member on public.verified_whatsapp_numbers is 'A member reads the tenant''s live numbers.';
comment on policy insert_member on public.verified_whatsapp_numbers is
    'No member inserts: a row says that a code was checked, so only the check makes one.';
comment on policy update_member on public.verified_whatsapp_numbers is 'A member may label the tenant''s live numbers.';
comment on policy delete_member on public.verified_whatsapp_numbers is
    'Nobody deletes as a member; deleting is soft, by function.';
