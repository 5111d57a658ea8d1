-- Default privileges revoked by the up are given back to anon only.
-- finds: stairway:20260201000000:default privileges:public: tables of postgres
alter default privileges in schema public revoke all on tables from anon, authenticated;
