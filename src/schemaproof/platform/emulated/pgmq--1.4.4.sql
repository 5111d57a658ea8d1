-- pgmq in SQL: queues as tables q_<name> with their archive a_<name>, and the functions that applications call, after the
-- documentation of pgmq 1.4 (https://pgmq.github.io/pgmq/). Partitioned queues, which need pg_partman, are refused.
create table pgmq.meta (
    queue_name varchar unique not null,
    is_partitioned boolean not null,
    is_unlogged boolean not null,
    created_at timestamptz not null default now()
);

create type pgmq.message_record as (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb);
create type pgmq.queue_record as (
    queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz);

create function pgmq.format_table_name(queue_name text, prefix text) returns text
language plpgsql
as $$
begin
    if queue_name ~ '\$|;|--|''' then
        raise exception 'queue name contains invalid characters: $, ;, --, or \''';
    end if;
    return lower(prefix || '_' || queue_name);
end
$$;

create function pgmq.create_non_partitioned(queue_name text) returns void
language plpgsql
as $$
begin
    perform pgmq._create(queue_name, false);
end
$$;

create function pgmq._create(queue_name text, unlogged boolean) returns void
language plpgsql
as $$
declare
    queue constant text := pgmq.format_table_name(queue_name, 'q');
    archive constant text := pgmq.format_table_name(queue_name, 'a');
begin
    execute format(
        'create %s table if not exists pgmq.%I (msg_id bigint primary key generated always as identity,'
        ' read_ct integer not null default 0, enqueued_at timestamptz not null default now(),'
        ' vt timestamptz not null, message jsonb)', case when unlogged then 'unlogged' end, queue);
    execute format(
        'create table if not exists pgmq.%I (msg_id bigint primary key, read_ct integer not null default 0,'
        ' enqueued_at timestamptz not null default now(), archived_at timestamptz not null default now(),'
        ' vt timestamptz not null, message jsonb)', archive);
    execute format('create index if not exists %I on pgmq.%I (vt)', queue || '_vt_idx', queue);
    execute format('create index if not exists %I on pgmq.%I (archived_at)', 'archived_at_idx_' || queue_name, archive);
    insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values (queue_name, false, unlogged)
    on conflict do nothing;
end
$$;

create function pgmq."create"(queue_name text) returns void
language sql
as $$ select pgmq._create(queue_name, false) $$;

create function pgmq.create_unlogged(queue_name text) returns void
language sql
as $$ select pgmq._create(queue_name, true) $$;

create function pgmq.create_partitioned(
    queue_name text, partition_interval text default '10000', retention_interval text default '100000'
) returns void
language plpgsql
as $$
begin
    raise exception 'this emulated pgmq has no partitioned queues' using errcode = 'feature_not_supported';
end
$$;

create function pgmq.drop_queue(queue_name text) returns boolean
language plpgsql
as $$
declare
    dropped boolean;
begin
    execute format('drop table if exists pgmq.%I', pgmq.format_table_name(queue_name, 'q'));
    execute format('drop table if exists pgmq.%I', pgmq.format_table_name(queue_name, 'a'));
    delete from pgmq.meta as m where m.queue_name = drop_queue.queue_name returning true into dropped;
    return coalesce(dropped, false);
end
$$;

create function pgmq.list_queues() returns setof pgmq.queue_record
language sql
as $$ select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta $$;

create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint
language plpgsql
as $$
begin
    return query execute format(
        'insert into pgmq.%I (vt, message) values (clock_timestamp() + make_interval(secs => $2), $1) returning msg_id',
        pgmq.format_table_name(queue_name, 'q')) using msg, delay;
end
$$;

create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint
language plpgsql
as $$
begin
    return query execute format(
        'insert into pgmq.%I (vt, message) select clock_timestamp() + make_interval(secs => $2), unnest($1)'
        ' returning msg_id', pgmq.format_table_name(queue_name, 'q')) using msgs, delay;
end
$$;

create function pgmq.read(queue_name text, vt integer, qty integer) returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute format(
        'with due as (select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit $2'
        ' for update skip locked)'
        ' update pgmq.%1$I as m set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1'
        ' from due where m.msg_id = due.msg_id returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message',
        pgmq.format_table_name(queue_name, 'q')) using vt, qty;
end
$$;

create function pgmq.pop(queue_name text) returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute format(
        'with due as (select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1'
        ' for update skip locked)'
        ' delete from pgmq.%1$I as m using due where m.msg_id = due.msg_id'
        ' returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message', pgmq.format_table_name(queue_name, 'q'));
end
$$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint
language plpgsql
as $$
begin
    return query execute format(
        'delete from pgmq.%I where msg_id = any ($1) returning msg_id', pgmq.format_table_name(queue_name, 'q'))
        using msg_ids;
end
$$;

create function pgmq.delete(queue_name text, msg_id bigint) returns boolean
language sql
as $$ select exists (select from pgmq.delete(queue_name, array[msg_id])) $$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint
language plpgsql
as $$
begin
    return query execute format(
        'with gone as (delete from pgmq.%I where msg_id = any ($1) returning msg_id, read_ct, enqueued_at, vt, message)'
        ' insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message) select * from gone returning msg_id',
        pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')) using msg_ids;
end
$$;

create function pgmq.archive(queue_name text, msg_id bigint) returns boolean
language sql
as $$ select exists (select from pgmq.archive(queue_name, array[msg_id])) $$;

create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute format(
        'update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $2) where msg_id = $1'
        ' returning msg_id, read_ct, enqueued_at, vt, message', pgmq.format_table_name(queue_name, 'q')) using msg_id, vt;
end
$$;

create function pgmq.purge_queue(queue_name text) returns bigint
language plpgsql
as $$
declare
    purged bigint;
begin
    execute format('delete from pgmq.%I', pgmq.format_table_name(queue_name, 'q'));
    get diagnostics purged = row_count;
    return purged;
end
$$;

-- Queues are made by whoever calls: on the platform that is postgres.
do $$
begin
    if to_regrole('postgres') is not null then
        grant all on schema pgmq to postgres with grant option;
        grant all on pgmq.meta to postgres with grant option;
    end if;
end
$$;
