-- What every section of the snapshot builds on. $1 is the schemas to look at, or null for the whole database.
-- Extension members are left out everywhere: the extension itself stands for them.
with
    members as materialized (
        select classid, objid
        from pg_depend
        where deptype = 'e'
    ),
    namespaces as materialized (
        select oid, nspname, quote_ident(nspname) as name
        from pg_namespace
        where
            nspname <> 'information_schema'
            and not starts_with(nspname, 'pg_')
            and ($1::text[] is null or nspname = any ($1::text[]))
    ),
    relations as materialized (
        select c.*, n.nspname, n.name || '.' || quote_ident(c.relname) as name
        from pg_class as c
        join namespaces as n on n.oid = c.relnamespace
        where not exists (select from members where classid = 'pg_class'::regclass and objid = c.oid)
    )
