-- hypopg in SQL (https://github.com/HypoPG/hypopg): resetting finds nothing to reset, and making an index is refused, since no
-- planner would look at it.
create function hypopg_create_index(sql_order text, out indexrelid oid, out indexname text) returns setof record
language plpgsql strict
as $$
begin
    raise exception 'this emulated hypopg makes no hypothetical index' using errcode = 'feature_not_supported';
end
$$;

create function hypopg_drop_index(indexid oid) returns boolean
language sql strict
return false;

create function hypopg_reset() returns void
language sql
as '';

create function hypopg_reset_index() returns void
language sql
as '';
