-- pg_net in SQL: the signatures of pg_net 0.14 (https://github.com/supabase/pg_net). A call queues its request and returns
-- its number, as there; no worker sends it, so responses never come and collecting one finds none.
create schema net;

create domain net.http_method as text check (value ilike 'get' or value ilike 'post' or value ilike 'delete');
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create unlogged table net.http_request_queue (
    id bigserial,
    method net.http_method not null,
    url text not null,
    headers jsonb,
    body bytea,
    timeout_milliseconds integer not null
);

create unlogged table net._http_response (
    id bigint,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamptz not null default now()
);
create index _http_response_created_idx on net._http_response (created);

create function net._urlencode_string(string varchar) returns text
language sql immutable strict
set search_path = pg_catalog
as $$
    select coalesce(string_agg(
        case
            when letter ~ '[A-Za-z0-9_.~-]' then letter
            else regexp_replace(upper(encode(convert_to(letter, 'utf8'), 'hex')), '(..)', '%\1', 'g')
        end, '' order by place), '')
    from regexp_split_to_table(string, '') with ordinality as letters (letter, place)
$$;

create function net._encode_url_with_params(url text, params jsonb) returns text
language sql stable
set search_path = pg_catalog
as $$
    select url || coalesce(case when url like '%?%' then '&' else '?' end || string_agg(
        net._urlencode_string(key) || '=' || net._urlencode_string(value), '&'), '')
    from jsonb_each_text(params)
$$;

create function net.http_get(
    url text,
    params jsonb default '{}',
    headers jsonb default '{}',
    timeout_milliseconds integer default 5000
) returns bigint
language sql volatile strict parallel safe security definer
set search_path = pg_catalog
as $$
    insert into net.http_request_queue (method, url, headers, timeout_milliseconds)
    values ('GET', net._encode_url_with_params(url, params), headers, timeout_milliseconds)
    returning id
$$;

create function net.http_delete(
    url text,
    params jsonb default '{}',
    headers jsonb default '{}',
    timeout_milliseconds integer default 5000,
    body jsonb default null
) returns bigint
language sql volatile parallel safe security definer
set search_path = pg_catalog
as $$
    insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    values ('DELETE', net._encode_url_with_params(url, params), headers, convert_to(body::text, 'utf8'),
        timeout_milliseconds)
    returning id
$$;

create function net.http_post(
    url text,
    body jsonb default '{}',
    params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}',
    timeout_milliseconds integer default 5000
) returns bigint
language plpgsql volatile parallel safe security definer
set search_path = pg_catalog
as $$
declare
    content_type constant text := (
        select value from jsonb_each_text(coalesce(headers, '{}')) where lower(key) = 'content-type' limit 1);
    request bigint;
begin
    if content_type <> 'application/json' then
        raise exception 'Content-Type header must be "application/json"';
    end if;
    if body is null then
        raise exception 'body must not be null';
    end if;
    insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    values (
        'POST',
        net._encode_url_with_params(url, params),
        case when content_type is null then headers || '{"Content-Type": "application/json"}' else headers end,
        convert_to(body::text, 'utf8'),
        timeout_milliseconds
    )
    returning id into request;
    return request;
end
$$;

create function net._http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result
language plpgsql volatile strict parallel safe
set search_path = pg_catalog
as $$
begin
    if not async then
        raise exception 'no worker sends requests of this emulated pg_net, so no response would ever come'
            using errcode = 'feature_not_supported';
    end if;
    return row('ERROR', 'request matching request_id not found', null)::net.http_response_result;
end
$$;

grant usage on schema net to public;
grant select on all tables in schema net to public;
