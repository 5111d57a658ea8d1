-- The platform opens tables of public; a migration opens those of another schema.
-- settings: schemas = ["api"]
-- finds: default_privileges:api = warning

create schema api;
grant usage on schema api to anon;
alter default privileges in schema api grant select on tables to anon; --!
alter default privileges revoke execute on functions from public;
