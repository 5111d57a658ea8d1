-- What a migration makes from here on is closed; a schema that no request may use is closed anyway.
-- settings: schemas = ["public", "internal"]

create schema internal;
alter default privileges in schema internal grant execute on functions to public;
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;
