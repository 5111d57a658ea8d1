-- What can be a member of an emulated extension, as ALTER EXTENSION … ADD writes it.
select 'schema ' || pg_catalog.quote_ident(nspname)
from pg_catalog.pg_namespace
where nspname !~ '^pg_'
union all
select case prokind when 'p' then 'procedure ' else 'function ' end || oid::regprocedure
from pg_catalog.pg_proc
where pronamespace <> 'pg_catalog'::regnamespace
union all
select case relkind when 'r' then 'table ' when 'v' then 'view ' when 'S' then 'sequence ' else 'type ' end || oid::regclass
from pg_catalog.pg_class
where relkind in ('r', 'v', 'S', 'c') and relnamespace <> 'pg_catalog'::regnamespace
union all
select 'type ' || oid::regtype
from pg_catalog.pg_type
where typtype in ('d', 'e') and typnamespace <> 'pg_catalog'::regnamespace;
