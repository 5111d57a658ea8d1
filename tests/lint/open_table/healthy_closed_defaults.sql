-- The history took the default privileges back.

-- before
alter default privileges in schema public revoke all on tables from anon, authenticated;
-- new
create table public.codes (id bigint primary key);
