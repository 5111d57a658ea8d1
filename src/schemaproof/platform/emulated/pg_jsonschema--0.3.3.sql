-- pg_jsonschema in SQL: the signatures of 0.3 (https://github.com/supabase/pg_jsonschema). Nothing here validates, and true
-- would be a lie that a CHECK rests on: every call raises feature_not_supported.
create function json_matches_schema(schema json, instance json) returns boolean
language plpgsql immutable strict parallel safe
as $$
begin
    raise exception 'this emulated pg_jsonschema does not validate' using errcode = 'feature_not_supported';
end
$$;

create function jsonb_matches_schema(schema json, instance jsonb) returns boolean
language plpgsql immutable strict parallel safe
as $$
begin
    raise exception 'this emulated pg_jsonschema does not validate' using errcode = 'feature_not_supported';
end
$$;

create function jsonschema_is_valid(schema json) returns boolean
language plpgsql immutable strict parallel safe
as $$
begin
    raise exception 'this emulated pg_jsonschema does not validate' using errcode = 'feature_not_supported';
end
$$;

create function jsonschema_validation_errors(schema json, instance json) returns text[]
language plpgsql immutable strict parallel safe
as $$
begin
    raise exception 'this emulated pg_jsonschema does not validate' using errcode = 'feature_not_supported';
end
$$;
