-- One-time codes sent to WhatsApp numbers, as keyed hashes, and what became of them.
-- Locks: SHARE ROW EXCLUSIVE on public.tenants and private.encryption_keys for the foreign keys, briefly.
create table public.whatsapp_verifications (
    tenant_id uuid not null,
    whatsapp_verification_id uuid not null default gen_random_uuid(),
    phone_number public.e164 not null,
    code_hash private.keyed_hash not null,
    key_version integer not null,
    status text not null default 'pending',
    failed_attempts smallint not null default 0,
    expires_at timestamptz not null default now() + interval '10 minutes',
    verified_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deletion_id uuid,
    constraint whatsapp_verifications_pkey primary key (tenant_id, whatsapp_verification_id),
    -- A code is nothing without the tenant that asked for it.
    constraint whatsapp_verifications_tenants_fkey foreign key (tenant_id)
        references public.tenants (tenant_id) on delete cascade on update restrict,
    -- A key that a hash needs must not go.
    constraint whatsapp_verifications_encryption_keys_fkey foreign key (key_version)
        references private.encryption_keys (key_version) on delete restrict on update restrict,
    constraint status_is_known check (status in ('pending', 'verified', 'superseded', 'locked', 'expired')),
    constraint failed_attempts_are_0_to_5 check (failed_attempts between 0 and 5),
    constraint fifth_failure_locks check ((failed_attempts = 5) = (status = 'locked')),
    constraint code_lives_at_most_10_minutes check (
        expires_at > created_at and expires_at <= created_at + interval '10 minutes'
    ),
    constraint verified_codes_have_their_time check ((status = 'verified') = (verified_at is not null)),
    constraint deletion_is_whole check ((deleted_at is null) = (deletion_id is null))
);

create unique index whatsapp_verifications_pending_phone_number_key
    on public.whatsapp_verifications (tenant_id, phone_number) where status = 'pending' and deleted_at is null;
create index whatsapp_verifications_phone_number_idx
    on public.whatsapp_verifications (tenant_id, phone_number, created_at);
create index whatsapp_verifications_created_at_idx on public.whatsapp_verifications (tenant_id, created_at);
create index whatsapp_verifications_expires_at_idx on public.whatsapp_verifications (expires_at);
create index whatsapp_verifications_key_version_idx on public.whatsapp_verifications (key_version);
create index whatsapp_verifications_deleted_at_idx
    on public.whatsapp_verifications (deleted_at, deletion_id) where deleted_at is not null;

create trigger set_updated_at before insert or update on public.whatsapp_verifications
    for each row execute function private.set_updated_at();

alter table public.whatsapp_verifications enable row level security;
alter table public.whatsapp_verifications force row level security;

create policy select_member on public.whatsapp_verifications
    for select to authenticated
    using (deleted_at is null and tenant_id = (select private.current_tenant_id()));
create policy insert_member on public.whatsapp_verifications
    for insert to authenticated
    with check (false);
create policy update_member on public.whatsapp_verifications
    for update to authenticated
    using (false)
    with check (false);
create policy delete_member on public.whatsapp_verifications
    for delete to authenticated
    using (false);

revoke all on table public.whatsapp_verifications from public, anon, authenticated, service_role;
grant select (
    tenant_id, whatsapp_verification_id, phone_number, status, failed_attempts, expires_at, verified_at, created_at,
    updated_at, deleted_at
) on table public.whatsapp_verifications to authenticated;
grant select, insert, update, delete on table public.whatsapp_verifications to service_role;

comment on table public.whatsapp_verifications is
    'One-time codes sent to WhatsApp numbers.';
comment on column public.whatsapp_verifications.tenant_id is 'The tenant that wants to verify the number.';
comment on column public.whatsapp_verifications.whatsapp_verification_id is 'The row, within its tenant.';
comment on column public.whatsapp_verifications.phone_number is 'Personal: where the code was sent.';
comment on column public.whatsapp_verifications.code_hash is
    'Secret: keyed hash of tenant, row id and code. Keyed, since an unkeyed hash of six digits is searched in no time.';
comment on column public.whatsapp_verifications.key_version is 'Version of the key of code_hash.';
comment on column public.whatsapp_verifications.status is
    'As stored. A pending code past expires_at is expired for every reader, whether or not a job has stored it.';
comment on column public.whatsapp_verifications.failed_attempts is 'Wrong codes given; the fifth locks.';
comment on column public.whatsapp_verifications.expires_at is 'From when on the code is refused.';
comment on column public.whatsapp_verifications.verified_at is 'When the right code was given.';
comment on column public.whatsapp_verifications.created_at is 'When the code was requested; rate limits count by it.';
comment on column public.whatsapp_verifications.updated_at is 'When the row was last written; kept by a trigger.';
comment on column public.whatsapp_verifications.deleted_at is 'When the row was soft-deleted; NULL: live.';
comment on column public.whatsapp_verifications.deletion_id is
    'What was deleted together shares it, and is restored together.';
comment on index public.whatsapp_verifications_pending_phone_number_key is
    'One code of a tenant''s number is pending: a new request supersedes the old one; finds the code to check.';
comment on index public.whatsapp_verifications_phone_number_idx is 'Counts a number''s requests for its rate limit.';
comment on index public.whatsapp_verifications_created_at_idx is 'Counts a tenant''s requests for its rate limit.';
comment on index public.whatsapp_verifications_expires_at_idx is 'Finds the codes that are long expired.';
comment on index public.whatsapp_verifications_key_version_idx is 'Tells whether a key version is still in use.';
comment on index public.whatsapp_verifications_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
comment on trigger set_updated_at on public.whatsapp_verifications is 'Keeps updated_at.';
comment on policy select_member on public.whatsapp_verifications is
    'A member sees the state of the tenant''s verifications, but by column grants never the hash of a code.';
comment on policy insert_member on public.whatsapp_verifications is
    'No member inserts; requesting is for service_role.';
comment on policy update_member on public.whatsapp_verifications is 'No member updates; checking is for service_role.';
comment on policy delete_member on public.whatsapp_verifications is
    'Nobody deletes as a member; deleting is soft, by function.';
