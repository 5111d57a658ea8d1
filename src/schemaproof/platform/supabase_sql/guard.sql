-- The platform lets postgres put policies and triggers on tables of auth, storage and realtime, by an extension that is not
-- here (supautils). Membership in their owners stands in for it, and lets through too much: these two take that back.
create function extensions.refuse_ddl_of_services()
returns event_trigger
language plpgsql
set search_path = pg_catalog
as $$
declare
    refused record;
begin
    select command.command_tag, command.object_identity into refused
    from pg_event_trigger_ddl_commands() as command
    where
        command.schema_name in ('auth', 'storage', 'realtime')
        and command.command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'CREATE TRIGGER', 'GRANT', 'REVOKE')
        and not command.in_extension
    limit 1;
    if found and not extensions.is_service() then
        raise exception 'must be owner of %', refused.object_identity using
            errcode = 'insufficient_privilege',
            hint = format('On the platform postgres does not own it, so %s fails there.', refused.command_tag);
    end if;
end
$$;

create function extensions.refuse_drop_of_services()
returns event_trigger
language plpgsql
set search_path = pg_catalog
as $$
declare
    refused text;
begin
    select dropped.object_identity into refused
    from pg_event_trigger_dropped_objects() as dropped
    where
        dropped.original
        and dropped.schema_name in ('auth', 'storage', 'realtime')
        and dropped.object_type not in ('policy', 'trigger')
    limit 1;
    if found and not extensions.is_service() then
        raise exception 'must be owner of %', refused using errcode = 'insufficient_privilege';
    end if;
end
$$;

create function extensions.is_service()
returns boolean
language sql
stable
return current_user like 'supabase\_%'
    or exists (select from pg_catalog.pg_roles where rolname = current_user and rolsuper);

create event trigger refuse_ddl_of_services on ddl_command_end
execute function extensions.refuse_ddl_of_services();

create event trigger refuse_drop_of_services on sql_drop
execute function extensions.refuse_drop_of_services();
