-- What the platform lets postgres do through an extension that is not here (supautils), which runs such statements as a superuser.
-- A statement cannot be run as another from within, so here postgres is a superuser for the length of one statement. Nobody else
-- ever sees it: role and statement are of one transaction, and the lock makes a second one wait.
create function extensions.raise_postgres()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    if
        coalesce(nullif(current_setting('role'), 'none'), session_user) = 'postgres'
        and (tg_tag not like '%PUBLICATION' or current_query() ~* '\mall\s+tables\M|\mtables\s+in\s+schema\M')
    then
        lock table pg_authid in share row exclusive mode;
        alter role postgres superuser;
    end if;
end
$$;

create function extensions.lower_postgres()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    if (select rolsuper from pg_roles where rolname = 'postgres') then
        alter role postgres nosuperuser;
    end if;
end
$$;

create event trigger raise_postgres on ddl_command_start
when tag in (
    'ALTER EXTENSION', 'DROP EXTENSION', 'CREATE FOREIGN DATA WRAPPER', 'CREATE PUBLICATION', 'ALTER PUBLICATION'
)
execute function extensions.raise_postgres();

create event trigger lower_postgres on ddl_command_end
when tag in (
    'ALTER EXTENSION', 'DROP EXTENSION', 'CREATE FOREIGN DATA WRAPPER', 'CREATE PUBLICATION', 'ALTER PUBLICATION'
)
execute function extensions.lower_postgres();

-- For statements that fire no event trigger, or too many: the runner of the migrations hands them over.
create function extensions.run_privileged(statement text)
returns void
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
    made text;
begin
    if statement ~* '^create\s+event\s+trigger\s' then
        execute statement;
        select evtname into strict made from pg_event_trigger order by oid desc limit 1;
        lock table pg_authid in share row exclusive mode;
        alter role postgres superuser;
        execute format('alter event trigger %I owner to postgres', made);
        alter role postgres nosuperuser;
    elsif statement ~* '^comment\s+on\s+extension\s' then
        execute statement;
    else
        raise exception 'not a statement that postgres may run on the platform' using errcode = 'insufficient_privilege';
    end if;
end
$$;
revoke all on function extensions.run_privileged(text) from public;
grant execute on function extensions.run_privileged(text) to postgres;

-- What comes after the creation of an extension: postgres makes servers with the wrapper of postgres_fdw, and keeps keys.
create function extensions.after_create_extension()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
    created text;
begin
    for created in
        select extension.extname
        from pg_event_trigger_ddl_commands() as command
        join pg_extension as extension on extension.oid = command.objid
        where command.classid = 'pg_extension'::regclass
    loop
        if created = 'postgres_fdw' then
            lock table pg_authid in share row exclusive mode;
            alter role postgres superuser;
            alter foreign data wrapper postgres_fdw owner to postgres;
            alter role postgres nosuperuser;
        elsif created = 'pgsodium' then
            grant usage on schema pgsodium to postgres with grant option;
            grant all on all tables in schema pgsodium to postgres with grant option;
            grant all on all sequences in schema pgsodium to postgres with grant option;
            grant execute on all functions in schema pgsodium to postgres with grant option;
        end if;
    end loop;
end
$$;

create event trigger after_create_extension on ddl_command_end
when tag in ('CREATE EXTENSION')
execute function extensions.after_create_extension();
