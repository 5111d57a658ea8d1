-- Drops the extension where the migration made it: it is postgres' own then. One that the platform or the project gave
-- stays, with the jobs of others in it.
-- Locks: ACCESS EXCLUSIVE on the tables of schema cron.
do $$
begin
    if exists (
        select from pg_catalog.pg_extension where extname = 'pg_cron' and extowner = current_user::pg_catalog.regrole
    ) then
        drop extension pg_cron;
    end if;
end
$$;
