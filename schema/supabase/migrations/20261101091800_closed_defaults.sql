-- What is made from here on is closed until it is granted: Supabase opens every new table, function and sequence of
-- public to anon and authenticated, and PostgreSQL every new function to everyone.
-- The migrations before this one took back each table's privileges beside its grants; those after it only grant.
-- Locks: none on any table.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
-- Only the global form takes EXECUTE from PUBLIC; with `in schema` it has no effect (manual, ALTER DEFAULT PRIVILEGES).
alter default privileges revoke execute on functions from public;
