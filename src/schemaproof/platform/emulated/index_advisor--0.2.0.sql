-- index_advisor in SQL (https://github.com/supabase/index_advisor): it stands on hypopg, which is emulated, so it advises nothing.
create function index_advisor(query text)
returns table (
    startup_cost_before jsonb,
    startup_cost_after jsonb,
    total_cost_before jsonb,
    total_cost_after jsonb,
    index_statements text[],
    errors text[]
)
language plpgsql
as $$
begin
    raise exception 'this emulated index_advisor advises nothing' using errcode = 'feature_not_supported';
end
$$;
