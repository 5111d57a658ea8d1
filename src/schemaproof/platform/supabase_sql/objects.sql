-- What can be a member of an emulated extension, as ALTER EXTENSION … ADD writes it.
select 'schema ' || pg_catalog.quote_ident(nspname)
from pg_catalog.pg_namespace
where nspname !~ '^pg_'
union all
select case prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end || oid::regprocedure
from pg_catalog.pg_proc
where pronamespace <> 'pg_catalog'::regnamespace
union all
select case relkind when 'r' then 'table ' when 'v' then 'view ' when 'S' then 'sequence ' else 'type ' end || oid::regclass
from pg_catalog.pg_class
where relkind in ('r', 'v', 'S', 'c') and relnamespace <> 'pg_catalog'::regnamespace
union all
select 'type ' || oid::regtype
from pg_catalog.pg_type
where (typtype in ('d', 'e') or typtype = 'b' and typcategory <> 'A') and typnamespace <> 'pg_catalog'::regnamespace
union all
select 'operator ' || oid::regoperator
from pg_catalog.pg_operator
where oprnamespace <> 'pg_catalog'::regnamespace
union all
select pg_catalog.format('operator %s %s using %I', kind, name, method.amname)
from (
    select 'class', opcnamespace::regnamespace || '.' || quote_ident(opcname), opcmethod from pg_catalog.pg_opclass
    where opcnamespace <> 'pg_catalog'::regnamespace
    union all
    select 'family', opfnamespace::regnamespace || '.' || quote_ident(opfname), opfmethod from pg_catalog.pg_opfamily
    where opfnamespace <> 'pg_catalog'::regnamespace
) as indexed (kind, name, method_id)
join pg_catalog.pg_am as method on method.oid = method_id
union all
-- Casts, access methods and event triggers have no schema; what initdb makes has a number below.
select pg_catalog.format('cast (%s as %s)', castsource::regtype, casttarget::regtype)
from pg_catalog.pg_cast
where oid >= 16384
union all
select 'access method ' || pg_catalog.quote_ident(amname)
from pg_catalog.pg_am
where oid >= 16384
union all
select 'event trigger ' || pg_catalog.quote_ident(evtname)
from pg_catalog.pg_event_trigger;
