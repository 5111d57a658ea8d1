-- plpgsql_check in SQL (https://github.com/okbob/plpgsql_check): the check itself is refused, so that no function passes it unseen.
create function plpgsql_check_function(funcoid regprocedure, relid regclass default 0, format text default 'text')
returns setof text
language plpgsql
as $$
begin
    raise exception 'this emulated plpgsql_check checks no function: %', funcoid using errcode = 'feature_not_supported';
end
$$;

create function plpgsql_check_function(name text, relid regclass default 0, format text default 'text')
returns setof text
language plpgsql
as $$
begin
    raise exception 'this emulated plpgsql_check checks no function: %', name using errcode = 'feature_not_supported';
end
$$;
