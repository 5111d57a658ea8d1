-- Locks: SHARE on public.tenants and public.slack_connections while the indexes are built.
create index tenants_deleted_at_idx on public.tenants (deleted_at, deletion_id) where deleted_at is not null;
create index slack_connections_deleted_at_idx
    on public.slack_connections (deleted_at, deletion_id) where deleted_at is not null;

comment on index public.tenants_deleted_at_idx is 'Finds what a deletion took, and what is past its grace period.';
comment on index public.slack_connections_deleted_at_idx is
    'Finds what a deletion took, and what is past its grace period.';
