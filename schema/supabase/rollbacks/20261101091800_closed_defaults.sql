-- Gives back what Supabase and PostgreSQL grant by default.
-- Locks: none on any table.
alter default privileges grant execute on functions to public;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
