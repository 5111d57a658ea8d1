-- platform: supabase
-- finds: open_grant:1:authenticated:service_role = warning

-- new
grant service_role to authenticated; --!
