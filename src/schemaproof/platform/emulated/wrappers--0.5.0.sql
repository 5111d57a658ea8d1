-- Supabase's wrappers (https://github.com/supabase/wrappers): the statistics table, handlers and validators, so that wrappers,
-- servers and foreign tables can be made. Nothing is behind them: whatever asks a handler for rows or for a foreign schema is
-- refused by it (feature_not_supported), for it is PostgreSQL's own function that takes no value of its type.
create table wrappers_fdw_stats (
    fdw_name text not null primary key,
    create_times bigint,
    rows_in bigint,
    rows_out bigint,
    bytes_in bigint,
    bytes_out bigint,
    metadata jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

do $$
declare
    service text;
begin
    foreach service in array array[
        'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'duckdb', 'firebase', 'iceberg', 'logflare', 'mssql',
        'redis', 's3', 's3_vectors', 'stripe', 'wasm'
    ] loop
        execute format(
            'create function %I() returns fdw_handler language internal as ''fdw_handler_in''', service || '_fdw_handler');
        execute format(
            'create function %I(options text[], catalog oid) returns void language plpgsql as ''begin end''',
            service || '_fdw_validator');
    end loop;
end
$$;
