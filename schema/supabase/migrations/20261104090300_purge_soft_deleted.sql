-- The job that removes for good what was deleted softly more than 90 days ago.
-- Locks: ROW EXCLUSIVE on private.jobs and cron.job.
create function private.purge_soft_deleted_batch(
    job private.jobs, run private.job_runs, out affected bigint, out is_last boolean
)
language plpgsql
as $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    -- Of a tenant that is past its grace period everything goes, live rows included: so nobody may restore it
    -- meanwhile, and one that is being restored is left alone.
    tenants constant uuid[] := array(
        select t.tenant_id from public.tenants as t where t.deleted_at < boundary for update skip locked
    );
    age text;
    step text[];
    changed bigint;
begin
    affected := 0;
    foreach age in array array['t.deleted_at < $1', 't.tenant_id = any ($3)'] loop
        -- References that a removal sets to NULL are let go of first, in bounded numbers: a phone number may have a
        -- million logs. Children go before their parents, so that a cascade finds next to nothing; a parent stays while
        -- it has a child that is still to be kept, or is locked: a cascade would wait for it. Attempts have no grace
        -- period of their own: they go with their delivery.
        foreach step slice 1 in array array[
            ['public.communication_logs', 'verified_whatsapp_number_id', 'public.verified_whatsapp_numbers'],
            ['public.slack_user_mappings', 'verified_whatsapp_number_id', 'public.verified_whatsapp_numbers'],
            ['public.communication_logs', 'slack_connection_id', 'public.slack_connections']
        ] loop
            execute pg_catalog.format(
                'update %1$s as r set %2$I = null where r.ctid = any (array('
                '    select c.ctid from %3$s as t'
                '    join %1$s as c on c.tenant_id = t.tenant_id and c.%2$I = t.%2$I'
                '    where %4$s limit $2 for update of c skip locked'
                '))',
                step[1], step[2], step[3], age
            ) using boundary, job.batch_size - affected, tenants;
            get diagnostics changed = row_count;
            affected := affected + changed;
        end loop;
        foreach step slice 1 in array array[
            ['public.webhook_attempts', 'true'],
            ['public.webhook_deliveries', 'true'],
            [
                'public.communication_logs',
                'not exists (select from public.webhook_deliveries as c'
                ' where c.tenant_id = t.tenant_id and c.communication_log_id = t.communication_log_id)'
            ],
            ['public.slack_user_mappings', 'true'],
            [
                'public.slack_connections',
                'not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id'
                ' and c.workspace_id = t.workspace_id and c.slack_connection_id = t.slack_connection_id)'
                ' and not exists (select from public.communication_logs as c'
                ' where c.tenant_id = t.tenant_id and c.slack_connection_id = t.slack_connection_id)'
            ],
            [
                'public.verified_whatsapp_numbers',
                'not exists (select from public.communication_logs as c where c.tenant_id = t.tenant_id'
                ' and c.verified_whatsapp_number_id = t.verified_whatsapp_number_id)'
                ' and not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id'
                ' and c.verified_whatsapp_number_id = t.verified_whatsapp_number_id)'
            ],
            ['public.whatsapp_verifications', 'true'],
            ['public.usage_statistics', 'true']
        ] loop
            execute pg_catalog.format(
                'delete from %1$s as d where d.ctid = any (array('
                '    select t.ctid from %1$s as t where %2$s and %3$s limit $2 for update of t skip locked'
                '))',
                step[1], age, step[2]
            ) using boundary, job.batch_size - affected, tenants;
            get diagnostics changed = row_count;
            affected := affected + changed;
        end loop;
    end loop;
    delete from public.tenants as d where d.ctid = any (array(
        select t.ctid from public.tenants as t
        where t.tenant_id = any (tenants)
            and not exists (select from public.communication_logs as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.webhook_deliveries as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.slack_connections as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.verified_whatsapp_numbers as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.whatsapp_verifications as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.usage_statistics as c where c.tenant_id = t.tenant_id)
        limit job.batch_size - affected
    ));
    get diagnostics changed = row_count;
    affected := affected + changed;
    is_last := affected < job.batch_size;
end
$$;

create procedure private.purge_soft_deleted(batch_size integer default null)
language plpgsql
as $$
begin
    call private.run_job('purge_soft_deleted', batch_size);
end
$$;

insert into private.jobs (job_name, schedule, expected_every, retention)
values ('purge_soft_deleted', '10 3 * * *', '1 day', '90 days');

select cron.schedule('purge_soft_deleted', '10 3 * * *', 'call private.purge_soft_deleted()');

comment on function private.purge_soft_deleted_batch(private.jobs, private.job_runs) is
    'One batch: removes rows whose soft deletion is past the grace period, children first, and tenants last.';
comment on procedure private.purge_soft_deleted(integer) is
    'Removes rows deleted softly more than 90 days ago; see private.run_job.';
