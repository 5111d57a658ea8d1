-- Who did what to which row, and which columns changed. It holds ids and names of columns, never a value, so neither
-- erasure nor a tenant's end has to touch it: no foreign key, and a retention of its own.
-- Locks: none on any table that exists.
create table private.audit_logs (
    tenant_id uuid not null,
    audit_log_id bigint generated always as identity,
    occurred_at timestamptz not null default now(),
    actor_role text not null,
    actor_id uuid,
    action text not null,
    table_name text not null,
    row_id text,
    changed_columns text[] not null default '{}',
    constraint audit_logs_pkey primary key (tenant_id, audit_log_id),
    constraint actor_role_has_1_to_63_characters check (char_length(actor_role) between 1 and 63),
    -- A literal and not a list: PostgreSQL reads a check anew for each statement, and an entry is often its only row.
    constraint action_is_known check (
        action = any (
            '{insert,update,delete,soft_delete,restore,purge,request,lock,export,erase,rotate,reencrypt,retire,'
            'remove}'::text[]
        )
    ),
    constraint table_name_is_a_table_of_ours check (table_name ~ '^(public|private)\.[a-z_]{1,63}$'),
    constraint row_id_is_a_uuid_or_a_version check (
        row_id ~ '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[1-9][0-9]{0,9})$'
    ),
    constraint changed_columns_are_names check (
        cardinality(changed_columns) <= 100 and array_position(changed_columns, null) is null
        and array_to_string(changed_columns, ',') ~ '^([a-z_][a-z0-9_]*(,[a-z_][a-z0-9_]*)*)?$'
    )
);

create index audit_logs_occurred_at_idx on private.audit_logs (occurred_at);
create index audit_logs_row_id_idx on private.audit_logs (tenant_id, row_id) where row_id is not null;

alter table private.audit_logs enable row level security;
alter table private.audit_logs force row level security;

revoke all on table private.audit_logs from public, anon, authenticated, service_role;

comment on table private.audit_logs is
    'Sensitive operations: who, what, which row, which columns, when. Append-only; removed only past its retention.';
comment on column private.audit_logs.tenant_id is
    'The tenant of the row; the nil UUID where the system itself acted. No foreign key: it outlives tenants.';
comment on column private.audit_logs.audit_log_id is 'The entry, in the order of writing.';
comment on column private.audit_logs.occurred_at is 'When the transaction that did it began.';
comment on column private.audit_logs.actor_role is 'The database role that the request came as.';
comment on column private.audit_logs.actor_id is
    'The claim sub of the request''s token, if it is a UUID: an id, no name.';
comment on column private.audit_logs.action is 'What was done.';
comment on column private.audit_logs.table_name is 'The table, with its schema.';
comment on column private.audit_logs.row_id is
    'The row''s own id, or a key version; NULL: the operation is not about one.';
comment on column private.audit_logs.changed_columns is 'Names of the columns that changed; never a value.';
comment on index private.audit_logs_occurred_at_idx is 'Finds what is past its retention.';
comment on index private.audit_logs_row_id_idx is 'Tells what happened to a row.';
