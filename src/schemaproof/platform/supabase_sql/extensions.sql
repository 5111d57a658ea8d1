-- The extensions of a new project. The server's own are used where it has them; what it lacks comes from the emulated
-- files, which a server that schemaproof starts has. Without preloading, the view of pg_stat_statements only fails.
create extension if not exists "uuid-ossp" with schema extensions;

do $$
begin
    if 'pg_stat_statements' = any (string_to_array(
        replace(pg_catalog.current_setting('shared_preload_libraries'), ' ', ''), ',')) then
        create extension if not exists pg_stat_statements with schema extensions;
    end if;
end
$$;

create extension if not exists supabase_vault with schema vault;
grant usage on schema vault to postgres with grant option;
grant usage on schema vault to service_role;
grant select, delete, truncate, references on vault.secrets, vault.decrypted_secrets to postgres with grant option;
grant select, delete on vault.secrets, vault.decrypted_secrets to service_role;
grant execute on function vault.create_secret, vault.update_secret, vault._crypto_aead_det_decrypt
    to postgres with grant option;
grant execute on function vault.create_secret, vault.update_secret, vault._crypto_aead_det_decrypt to service_role;

-- Only a superuser may create the real pg_cron; where its scheduler serves this database, migrations find it there.
do $$
begin
    if pg_catalog.current_setting('cron.database_name', true) = pg_catalog.current_database() then
        create extension if not exists pg_cron with schema pg_catalog;
    end if;
end
$$;
