alter default privileges in schema private revoke execute on functions from anon, authenticated;
alter default privileges in schema private revoke select, insert, update, delete on tables from anon, authenticated;
revoke usage on schema private from anon;
