-- timescaledb in SQL (https://docs.timescale.com): buckets of time, counted from a Monday as there, and hypertables that are the
-- ordinary tables they were, with the constraint and the index that one has. Policies, compression and continuous aggregates are
-- not here.
create function time_bucket(bucket_width interval, ts timestamptz) returns timestamptz
language sql immutable strict parallel safe
return date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00');

create function time_bucket(bucket_width interval, ts timestamp) returns timestamp
language sql immutable strict parallel safe
return date_bin(bucket_width, ts, timestamp '2000-01-03 00:00:00');

create function time_bucket(bucket_width interval, ts date) returns date
language sql immutable strict parallel safe
return date_bin(bucket_width, ts::timestamp, timestamp '2000-01-03 00:00:00')::date;

create function time_bucket(bucket_width bigint, ts bigint) returns bigint
language sql immutable strict parallel safe
return ts - (ts % bucket_width + bucket_width) % bucket_width;

create function create_hypertable(
    relation regclass,
    time_column_name name,
    partitioning_column name default null,
    number_partitions integer default null,
    associated_schema_name name default null,
    associated_table_prefix name default null,
    chunk_time_interval anyelement default null::bigint,
    create_default_indexes boolean default true,
    if_not_exists boolean default false,
    out hypertable_id integer,
    out schema_name name,
    out table_name name,
    out created boolean
)
returns record
language plpgsql
as $$
begin
    if exists (
        select from pg_index as i
        join pg_attribute as a on a.attrelid = relation and a.attname = time_column_name
        where i.indrelid = relation and i.indisunique and a.attnum <> all (i.indkey)
    ) then
        raise exception 'a unique index without the column "%" cannot stand on a hypertable', time_column_name
            using errcode = 'invalid_table_definition';
    end if;
    execute format('alter table %s alter column %I set not null', relation, time_column_name);
    if create_default_indexes then
        execute format('create index on %s (%I desc)', relation, time_column_name);
    end if;
    select 1, relnamespace::regnamespace::name, relname, true into hypertable_id, schema_name, table_name, created
    from pg_class where oid = relation;
    raise notice 'emulated timescaledb: % stays an ordinary table', relation;
end
$$;
