-- Schema `supabase_functions`: database webhooks. A hook queues its request with pg_net where that is there, and nothing sends it.
create table supabase_functions.migrations (
    version text not null,
    inserted_at timestamptz not null default now(),
    constraint migrations_pkey primary key (version)
);

create table supabase_functions.hooks (
    id bigserial not null,
    hook_table_id integer not null,
    hook_name text not null,
    created_at timestamptz not null default now(),
    request_id bigint,
    constraint hooks_pkey primary key (id)
);
create index supabase_functions_hooks_request_id_idx on supabase_functions.hooks (request_id);
create index supabase_functions_hooks_h_table_id_h_name_idx on supabase_functions.hooks (hook_table_id, hook_name);

create function supabase_functions.http_request()
returns trigger
language plpgsql
security definer
set search_path = supabase_functions
as $$
declare
    url constant text := nullif(tg_argv[0], 'null');
    method constant text := nullif(tg_argv[1], 'null');
    headers constant jsonb := coalesce(nullif(tg_argv[2], 'null'), '{"Content-Type": "application/json"}');
    params constant jsonb := coalesce(nullif(tg_argv[3], 'null'), '{}');
    timeout constant integer := coalesce(nullif(tg_argv[4], 'null'), '1000');
    request bigint;
begin
    if url is null or method is null then
        raise exception '% argument is missing', case when url is null then 'url' else 'method' end;
    elsif method not in ('GET', 'POST') then
        raise exception 'method argument % is invalid', method;
    elsif to_regnamespace('net') is null then
        request := null;
    elsif method = 'GET' then
        request := net.http_get(url, params, headers, timeout);
    else
        request := net.http_post(
            url,
            jsonb_build_object(
                'old_record', old, 'record', new, 'type', tg_op, 'table', tg_table_name, 'schema', tg_table_schema
            ),
            params, headers, timeout
        );
    end if;
    insert into supabase_functions.hooks (hook_table_id, hook_name, request_id)
    values (tg_relid::bigint::integer, tg_name, request);
    return new;
end
$$;

grant all on schema supabase_functions to supabase_functions_admin;
alter table supabase_functions.migrations owner to supabase_functions_admin;
alter table supabase_functions.hooks owner to supabase_functions_admin;
alter function supabase_functions.http_request() owner to supabase_functions_admin;
revoke all on function supabase_functions.http_request() from public;
grant all on all tables in schema supabase_functions to postgres, anon, authenticated, service_role;
grant all on all sequences in schema supabase_functions to postgres, anon, authenticated, service_role;
grant execute on function supabase_functions.http_request() to postgres, anon, authenticated, service_role;
