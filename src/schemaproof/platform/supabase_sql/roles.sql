-- The platform's roles, one a row, in the order in which they are created: attributes, settings, and what each is a
-- member of. `administers` are memberships with ADMIN OPTION from 16 on, where CREATEROLE alone no longer gives it.
select
    role.name,
    role.attributes,
    role.settings,
    role.member_of,
    role.administers,
    role.name in (select rolname from pg_catalog.pg_roles) as present
from (
    values
        (1, 'supabase_admin', 'superuser login createdb createrole replication bypassrls',
            array['search_path="$user", public, auth, extensions'], array[]::text[], array[]::text[]),
        (2, 'anon', 'nologin', array['statement_timeout=3s'], '{}', '{}'),
        (3, 'authenticated', 'nologin', array['statement_timeout=8s'], '{}', '{}'),
        (4, 'service_role', 'nologin bypassrls', '{}', '{}', '{}'),
        (5, 'authenticator', 'login noinherit', array['statement_timeout=8s', 'lock_timeout=8s'],
            array['anon', 'authenticated', 'service_role'], '{}'),
        (6, 'supabase_auth_admin', 'login noinherit createrole',
            array['search_path=auth', 'idle_in_transaction_session_timeout=60000'], '{}', '{}'),
        (7, 'supabase_storage_admin', 'login noinherit createrole',
            array['search_path=storage'], array['authenticator'], '{}'),
        (8, 'supabase_realtime_admin', 'nologin noinherit', '{}', '{}', '{}'),
        (9, 'supabase_functions_admin', 'login noinherit createrole', '{}', '{}', '{}'),
        (10, 'supabase_replication_admin', 'login replication', '{}', '{}', '{}'),
        (11, 'supabase_read_only_user', 'login bypassrls', '{}', array['pg_read_all_data'], '{}'),
        (12, 'dashboard_user', 'nologin createdb createrole replication', '{}', '{}', '{}'),
        (13, 'pgbouncer', 'login', '{}', '{}', '{}'),
        (14, 'postgres', 'nosuperuser login createdb createrole replication bypassrls',
            array['search_path="$user", public, extensions'],
            array['supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin'],
            array['anon', 'authenticated', 'service_role', 'authenticator', 'pg_monitor', 'pg_read_all_data',
                'pg_signal_backend'])
) as role (position, name, attributes, settings, member_of, administers)
order by role.position;
