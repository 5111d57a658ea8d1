-- The extensions of a new project. The server's own are used where it has them; what it lacks comes from the emulated
-- files, which a server that schemaproof starts has. Without preloading, the view of pg_stat_statements only fails.
create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;

do $$
begin
    if 'pg_stat_statements' = any (string_to_array(
        replace(pg_catalog.current_setting('shared_preload_libraries'), ' ', ''), ',')) then
        create extension pg_stat_statements with schema extensions;
    end if;
end
$$;
