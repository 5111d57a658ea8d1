-- since 150000
-- only if exists (select from pg_parameter_acl)
-- Privileges on configuration parameters. They belong to the whole server.
select
    'parameter',
    parname,
    json_build_object('grants', paracl::text[])
from pg_parameter_acl
where $1::text[] is null
