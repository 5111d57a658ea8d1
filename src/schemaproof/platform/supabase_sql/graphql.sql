-- The schemas of pg_graphql, which are there without it, and of the connection pooler.
create schema graphql authorization supabase_admin;
grant usage on schema graphql to postgres with grant option;
grant usage on schema graphql to anon, authenticated, service_role;

create schema graphql_public authorization supabase_admin;
grant usage on schema graphql_public to postgres with grant option;
grant usage on schema graphql_public to anon, authenticated, service_role;

create function graphql_public.graphql(
    "operationName" text default null,
    query text default null,
    variables jsonb default null,
    extensions jsonb default null
)
returns jsonb
language plpgsql
as $$
begin
    if to_regproc('graphql.resolve') is null then
        return '{"errors": [{"message": "pg_graphql extension is not enabled."}]}';
    end if;
    return graphql.resolve(query, coalesce(variables, '{}'), "operationName", extensions);
end
$$;
grant execute on function graphql_public.graphql to postgres, anon, authenticated, service_role;

create schema pgbouncer authorization pgbouncer;

create function pgbouncer.get_auth(p_usename text)
returns table (username text, password text)
language sql
security definer
set search_path = pg_catalog
as $$ select usename::text, passwd::text from pg_shadow where usename = p_usename $$;
revoke all on function pgbouncer.get_auth(text) from public;
grant execute on function pgbouncer.get_auth(text) to pgbouncer;
