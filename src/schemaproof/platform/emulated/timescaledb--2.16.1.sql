-- timescaledb in SQL (https://docs.timescale.com): buckets of time, counted from a Monday as there. Of the rest nothing is here: a
-- hypertable is refused.
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
    chunk_time_interval anyelement default null::bigint,
    if_not_exists boolean default false,
    migrate_data boolean default false,
    out hypertable_id integer,
    out schema_name name,
    out table_name name,
    out created boolean
)
returns record
language plpgsql
as $$
begin
    raise exception 'this emulated timescaledb makes no hypertable of %', relation using errcode = 'feature_not_supported';
end
$$;
