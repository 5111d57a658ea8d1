-- Default privileges of the schema private opened to anon: the next helper or table is everybody's.
-- finds: loosened:defaults:private: tables of postgres
-- finds: loosened:defaults:private: functions of postgres
grant usage on schema private to anon;
alter default privileges in schema private grant select, insert, update, delete on tables to anon, authenticated;
alter default privileges in schema private grant execute on functions to anon, authenticated;
