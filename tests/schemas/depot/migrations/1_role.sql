-- The application's role, its schema, and the tenant of a request. Locks: none beyond the new objects.
create extension btree_gist;
create role depot_app nologin;
create schema depot;
grant usage on schema depot to depot_app;

create domain depot.sku as text check (value ~ '^[A-Z]{3}-[0-9]{4}$');

create function depot.tenant_id() returns uuid
language sql stable
as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
revoke execute on function depot.tenant_id() from public;
grant execute on function depot.tenant_id() to depot_app;
