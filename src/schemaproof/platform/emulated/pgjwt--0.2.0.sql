-- pgjwt in SQL: the functions of pgjwt 0.2 (https://github.com/michelp/pgjwt), which signs and verifies tokens by HMAC
-- (RFC 7515, RFC 7518). It expects pgcrypto in its own schema, as the original does.
create function url_encode(data bytea) returns text
language sql immutable
as $$ select translate(encode(data, 'base64'), E'+/=\n', '-_') $$;

create function url_decode(data text) returns bytea
language sql immutable
as $$ select decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64') $$;

create function algorithm_sign(signables text, secret text, algorithm text) returns text
language sql immutable
as $$ select @extschema@.url_encode(@extschema@.hmac(signables, secret, replace(algorithm, 'HS', 'sha'))) $$;

create function sign(payload json, secret text, algorithm text default 'HS256') returns text
language sql immutable
as $$
    select signables || '.' || @extschema@.algorithm_sign(signables, secret, algorithm)
    from concat_ws('.',
        @extschema@.url_encode(convert_to('{"alg":"' || algorithm || '","typ":"JWT"}', 'utf8')),
        @extschema@.url_encode(convert_to(payload::text, 'utf8'))
    ) as signables
$$;

create function try_cast_double(inp text) returns double precision
language plpgsql immutable
as $$
begin
    return inp::double precision;
exception when data_exception then
    return null;
end
$$;

create function verify(token text, secret text, algorithm text default 'HS256')
returns table (header json, payload json, valid boolean)
language sql immutable
as $$
    select
        parts.header,
        parts.payload,
        parts.signature = @extschema@.algorithm_sign(parts.signed, secret, algorithm)
        and tstzrange(
            to_timestamp(@extschema@.try_cast_double(parts.payload ->> 'nbf')),
            to_timestamp(@extschema@.try_cast_double(parts.payload ->> 'exp'))
        ) @> current_timestamp
    from (
        select
            convert_from(@extschema@.url_decode(split_part(token, '.', 1)), 'utf8')::json as header,
            convert_from(@extschema@.url_decode(split_part(token, '.', 2)), 'utf8')::json as payload,
            split_part(token, '.', 3) as signature,
            split_part(token, '.', 1) || '.' || split_part(token, '.', 2) as signed
    ) as parts
$$;
