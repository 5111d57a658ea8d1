-- Supabase's wrappers (https://github.com/supabase/wrappers): only the statistics table. Its foreign data wrappers are not
-- here, so `create foreign data wrapper … handler stripe_fdw_handler` fails for want of the handler.
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
