-- The database and the schemas: who owns them, who may use them.
do $$
begin
    execute pg_catalog.format('alter database %I owner to postgres', pg_catalog.current_database());
    execute pg_catalog.format(
        'grant all on database %I to postgres, dashboard_user', pg_catalog.current_database());
end
$$;

-- From 15 on `public` belongs to pg_database_owner already; on 14 everyone could create in it.
alter schema public owner to pg_database_owner;
revoke all on schema public from public;
grant usage on schema public to public, postgres, anon, authenticated, service_role;
grant usage, create on schema public to pg_database_owner;

create schema extensions authorization postgres;
grant usage on schema extensions to postgres, anon, authenticated, service_role;
grant all on schema extensions to dashboard_user;

create schema auth authorization supabase_admin;
grant usage on schema auth to postgres, anon, authenticated, service_role;
grant all on schema auth to supabase_auth_admin, dashboard_user;

create schema storage authorization supabase_admin;
grant usage on schema storage to postgres with grant option;
grant usage on schema storage to anon, authenticated, service_role;
grant all on schema storage to supabase_storage_admin, dashboard_user;

create schema realtime authorization supabase_admin;
grant usage on schema realtime to postgres with grant option;
grant usage on schema realtime to anon, authenticated, service_role;
grant all on schema realtime to supabase_realtime_admin;

create schema vault authorization supabase_admin;

create schema supabase_functions authorization supabase_admin;
grant usage on schema supabase_functions to postgres, anon, authenticated, service_role;
