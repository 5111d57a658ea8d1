-- pg_graphql in SQL: resolve() (https://supabase.github.io/pg_graphql/sql_interface/) answers every query with an error in
-- the shape that GraphQL gives errors, as the platform's own placeholder does.
create function graphql.resolve(
    query text,
    variables jsonb default '{}',
    "operationName" text default null,
    extensions jsonb default null
) returns jsonb
language sql stable
as $$ select '{"errors": [{"message": "pg_graphql is emulated: it resolves no query"}]}'::jsonb $$;

grant usage on schema graphql to public;
