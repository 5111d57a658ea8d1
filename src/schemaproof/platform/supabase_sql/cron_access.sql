-- What postgres may do with pg_cron, whenever it is created and whichever it is, the real or the emulated one.
create function extensions.open_pg_cron()
returns void
language plpgsql
set search_path = pg_catalog
as $$
begin
    grant usage on schema cron to postgres with grant option;
    grant all on all functions in schema cron to postgres with grant option;
    grant all on all tables in schema cron to postgres with grant option;
    revoke all on cron.job from postgres;
    grant select on cron.job to postgres with grant option;
    revoke trigger on cron.job_run_details from postgres;
end
$$;
revoke all on function extensions.open_pg_cron() from public, postgres;

-- A trusted extension's script runs as the superuser, but what comes after it as the caller: hence SECURITY DEFINER.
create function extensions.grant_pg_cron_access()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    if exists (
        select from pg_event_trigger_ddl_commands() as command
        join pg_extension as extension on extension.oid = command.objid
        where command.classid = 'pg_extension'::regclass and extension.extname = 'pg_cron'
    ) then
        perform extensions.open_pg_cron();
    end if;
end
$$;

create event trigger issue_pg_cron_access on ddl_command_end
when tag in ('CREATE EXTENSION')
execute function extensions.grant_pg_cron_access();
