-- vector in SQL: the types vector and halfvec, distances, operators, casts and the index access methods of pgvector 0.8
-- (https://github.com/pgvector/pgvector). A value is kept as the text that it is written as and is checked as JSON; the cast to a
-- length, which a column's declared dimensions ask for, checks and normalises it. Distances are exact, in double precision.
-- Not offered: sparsevec, and values in binary (COPY … WITH (FORMAT binary)).
create type vector;
create function vector_in(cstring, oid, integer) returns vector
language internal immutable strict parallel safe as 'json_in';
create function vector_out(vector) returns cstring
language internal immutable strict parallel safe as 'json_out';
create function vector_typmod_in(cstring[]) returns integer
language internal immutable strict parallel safe as 'bittypmodin';
create function _vector_typmod_out(integer) returns cstring
language internal immutable strict parallel safe as 'bittypmodout';
create type vector (
    input = vector_in, output = vector_out, typmod_in = vector_typmod_in, typmod_out = _vector_typmod_out,
    internallength = variable, storage = external
);

create type halfvec;
create function halfvec_in(cstring, oid, integer) returns halfvec
language internal immutable strict parallel safe as 'json_in';
create function halfvec_out(halfvec) returns cstring
language internal immutable strict parallel safe as 'json_out';
create function halfvec_typmod_in(cstring[]) returns integer
language internal immutable strict parallel safe as 'bittypmodin';
create type halfvec (
    input = halfvec_in, output = halfvec_out, typmod_in = halfvec_typmod_in, typmod_out = _vector_typmod_out,
    internallength = variable, storage = external
);

-- What is common to both types, on arrays.
create function _vector_text(elements real[], dimensions integer, largest real) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog
as $$
begin
    if array_ndims(elements) > 1 then
        raise exception 'array must be 1-D' using errcode = 'data_exception';
    elsif array_position(elements, null) is not null then
        raise exception 'array must not contain nulls' using errcode = 'null_value_not_allowed';
    elsif cardinality(elements) = 0 then
        raise exception 'a vector has at least 1 dimension' using errcode = 'data_exception';
    elsif 'NaN' = any (elements) or 'Infinity' = any (elements) or '-Infinity' = any (elements) then
        raise exception 'a vector holds neither NaN nor infinite values' using errcode = 'data_exception';
    elsif largest < any (elements) or -largest > any (elements) then
        raise exception 'an element is out of range' using errcode = 'numeric_value_out_of_range';
    elsif dimensions not in (-1, cardinality(elements)) then
        raise exception 'expected % dimensions, not %', dimensions, cardinality(elements)
            using errcode = 'data_exception';
    end if;
    return '[' || array_to_string(elements, ',') || ']';
end
$$;

create function _vector_distance(metric text, a double precision[], b double precision[]) returns double precision
language plpgsql immutable parallel safe
as $$
begin
    if cardinality(a) <> cardinality(b) then
        raise exception 'different vector dimensions % and %', cardinality(a), cardinality(b)
            using errcode = 'data_exception';
    end if;
    case metric
        when 'l2' then return (select sqrt(sum((x - y) * (x - y))) from unnest(a, b) as pair (x, y));
        when 'l1' then return (select sum(abs(x - y)) from unnest(a, b) as pair (x, y));
        when 'ip' then return (select sum(x * y) from unnest(a, b) as pair (x, y));
        when 'cosine' then return (
            select case
                when sum(x * x) * sum(y * y) = 0 then 'NaN'
                else 1 - greatest(-1, least(1, sum(x * y) / sqrt(sum(x * x) * sum(y * y))))
            end
            from unnest(a, b) as pair (x, y)
        );
    end case;
end
$$;

create function _vector_calculate(operation text, a real[], b real[]) returns real[]
language plpgsql immutable parallel safe
as $$
begin
    if cardinality(a) <> cardinality(b) then
        raise exception 'different vector dimensions % and %', cardinality(a), cardinality(b)
            using errcode = 'data_exception';
    end if;
    return array(
        select case operation when '+' then x + y when '-' then x - y else x * y end
        from unnest(a, b) with ordinality as pair (x, y, place)
        order by place
    );
end
$$;

create function _vector_norm(a double precision[]) returns double precision
language sql immutable strict parallel safe
return (select sqrt(sum(x * x)) from unnest(a) as element (x));

create function _vector_signs(a real[]) returns bit
language sql immutable strict parallel safe
return (
    select string_agg(case when x > 0 then '1' else '0' end, '' order by place)::"bit"
    from unnest(a) with ordinality as element (x, place)
);

create function _vector_accumulate(state double precision[], a double precision[]) returns double precision[]
language plpgsql immutable strict parallel safe
as $$
begin
    if state[1] = 0 then
        return array[1::double precision] || a;
    elsif cardinality(state) <> cardinality(a) + 1 then
        raise exception 'expected % dimensions, not %', cardinality(state) - 1, cardinality(a)
            using errcode = 'data_exception';
    end if;
    return array(select x + y from unnest(state, array[1::double precision] || a) with ordinality as pair (x, y, place)
        order by place);
end
$$;

create function _vector_average(state double precision[]) returns real[]
language sql immutable strict parallel safe
return case when state[1] > 0 then
    array(select (x / state[1])::real from unnest(state[2:]) with ordinality as element (x, place) order by place)
end;


-- vector: casts, functions, operators, aggregates, order.
create function vector_to_float4(vector, integer, boolean) returns real[]
language sql immutable strict parallel safe
return translate($1::text, '[]', '{}')::real[];
create cast (vector as real[]) with function vector_to_float4(vector, integer, boolean) as implicit;
create function vector(vector, integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (vector as vector) with function vector(vector, integer, boolean) as implicit;
create function array_to_vector(integer[], integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (integer[] as vector) with function array_to_vector(integer[], integer, boolean) as assignment;
create function array_to_vector(real[], integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (real[] as vector) with function array_to_vector(real[], integer, boolean) as assignment;
create function array_to_vector(double precision[], integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (double precision[] as vector) with function array_to_vector(double precision[], integer, boolean) as assignment;
create function array_to_vector(numeric[], integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (numeric[] as vector) with function array_to_vector(numeric[], integer, boolean) as assignment;

create function l2_distance(vector, vector) returns double precision
language sql immutable strict parallel safe
return _vector_distance('l2', $1::real[], $2::real[]);
create function inner_product(vector, vector) returns double precision
language sql immutable strict parallel safe
return _vector_distance('ip', $1::real[], $2::real[]);
create function cosine_distance(vector, vector) returns double precision
language sql immutable strict parallel safe
return _vector_distance('cosine', $1::real[], $2::real[]);
create function l1_distance(vector, vector) returns double precision
language sql immutable strict parallel safe
return _vector_distance('l1', $1::real[], $2::real[]);
create function vector_negative_inner_product(vector, vector) returns double precision
language sql immutable strict parallel safe
return -_vector_distance('ip', $1::real[], $2::real[]);
create operator <-> (leftarg = vector, rightarg = vector, function = l2_distance, commutator = <->);
create operator <#> (leftarg = vector, rightarg = vector, function = vector_negative_inner_product, commutator = <#>);
create operator <=> (leftarg = vector, rightarg = vector, function = cosine_distance, commutator = <=>);
create operator <+> (leftarg = vector, rightarg = vector, function = l1_distance, commutator = <+>);

create function vector_dims(vector) returns integer
language sql immutable strict parallel safe
return cardinality($1::real[]);
create function vector_norm(vector) returns double precision
language sql immutable strict parallel safe
return _vector_norm($1::real[]);
create function l2_normalize(vector) returns vector
language sql immutable strict parallel safe
return array(
    select coalesce(x / nullif(_vector_norm($1::real[]), 0), 0)::real
    from unnest($1::real[]) with ordinality as element (x, place) order by place
)::vector;
create function binary_quantize(vector) returns bit
language sql immutable strict parallel safe
return _vector_signs($1::real[]);
create function subvector(vector, integer, integer) returns vector
language sql immutable strict parallel safe
return ($1::real[])[$2:$2 + $3 - 1]::vector;

create function vector_add(vector, vector) returns vector
language sql immutable strict parallel safe
return _vector_calculate('+', $1::real[], $2::real[])::vector;
create operator + (leftarg = vector, rightarg = vector, function = vector_add, commutator = +);
create function vector_sub(vector, vector) returns vector
language sql immutable strict parallel safe
return _vector_calculate('-', $1::real[], $2::real[])::vector;
create operator - (leftarg = vector, rightarg = vector, function = vector_sub);
create function vector_mul(vector, vector) returns vector
language sql immutable strict parallel safe
return _vector_calculate('*', $1::real[], $2::real[])::vector;
create operator * (leftarg = vector, rightarg = vector, function = vector_mul, commutator = *);
create function vector_concat(vector, vector) returns vector
language sql immutable strict parallel safe
return ($1::real[] || $2::real[])::vector;
create operator || (leftarg = vector, rightarg = vector, function = vector_concat);

create function vector_accum(double precision[], vector) returns double precision[]
language sql immutable strict parallel safe
return _vector_accumulate($1, $2::real[]);
create function vector_avg(double precision[]) returns vector
language sql immutable strict parallel safe
return _vector_average($1)::vector;
create aggregate avg(vector) (sfunc = vector_accum, stype = double precision[], finalfunc = vector_avg, initcond = '{0}');
create aggregate sum(vector) (sfunc = vector_add, stype = vector);

create function vector_cmp(vector, vector) returns integer
language sql immutable strict parallel safe
return btarraycmp($1::real[], $2::real[]);
create function vector_lt(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<) $2::real[];
create operator < (
    leftarg = vector, rightarg = vector, function = vector_lt, commutator = >, negator = >=,
    restrict = scalarltsel, join = scalarltjoinsel
);
create function vector_le(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<=) $2::real[];
create operator <= (
    leftarg = vector, rightarg = vector, function = vector_le, commutator = >=, negator = >,
    restrict = scalarlesel, join = scalarlejoinsel
);
create function vector_eq(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.=) $2::real[];
create operator = (
    leftarg = vector, rightarg = vector, function = vector_eq, commutator = =, negator = <>,
    restrict = eqsel, join = eqjoinsel
);
create function vector_ne(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<>) $2::real[];
create operator <> (
    leftarg = vector, rightarg = vector, function = vector_ne, commutator = <>, negator = =,
    restrict = neqsel, join = neqjoinsel
);
create function vector_ge(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.>=) $2::real[];
create operator >= (
    leftarg = vector, rightarg = vector, function = vector_ge, commutator = <=, negator = <,
    restrict = scalargesel, join = scalargejoinsel
);
create function vector_gt(vector, vector) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.>) $2::real[];
create operator > (
    leftarg = vector, rightarg = vector, function = vector_gt, commutator = <, negator = <=,
    restrict = scalargtsel, join = scalargtjoinsel
);
create operator class vector_ops default for type vector using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 vector_cmp(vector, vector);

-- halfvec: casts, functions, operators, aggregates, order.
create function halfvec_to_float4(halfvec, integer, boolean) returns real[]
language sql immutable strict parallel safe
return translate($1::text, '[]', '{}')::real[];
create cast (halfvec as real[]) with function halfvec_to_float4(halfvec, integer, boolean) as assignment;
create function halfvec(halfvec, integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (halfvec as halfvec) with function halfvec(halfvec, integer, boolean) as implicit;
create function array_to_halfvec(integer[], integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (integer[] as halfvec) with function array_to_halfvec(integer[], integer, boolean) as assignment;
create function array_to_halfvec(real[], integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (real[] as halfvec) with function array_to_halfvec(real[], integer, boolean) as assignment;
create function array_to_halfvec(double precision[], integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (double precision[] as halfvec) with function array_to_halfvec(double precision[], integer, boolean) as assignment;
create function array_to_halfvec(numeric[], integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (numeric[] as halfvec) with function array_to_halfvec(numeric[], integer, boolean) as assignment;

create function l2_distance(halfvec, halfvec) returns double precision
language sql immutable strict parallel safe
return _vector_distance('l2', $1::real[], $2::real[]);
create function inner_product(halfvec, halfvec) returns double precision
language sql immutable strict parallel safe
return _vector_distance('ip', $1::real[], $2::real[]);
create function cosine_distance(halfvec, halfvec) returns double precision
language sql immutable strict parallel safe
return _vector_distance('cosine', $1::real[], $2::real[]);
create function l1_distance(halfvec, halfvec) returns double precision
language sql immutable strict parallel safe
return _vector_distance('l1', $1::real[], $2::real[]);
create function halfvec_negative_inner_product(halfvec, halfvec) returns double precision
language sql immutable strict parallel safe
return -_vector_distance('ip', $1::real[], $2::real[]);
create operator <-> (leftarg = halfvec, rightarg = halfvec, function = l2_distance, commutator = <->);
create operator <#> (leftarg = halfvec, rightarg = halfvec, function = halfvec_negative_inner_product, commutator = <#>);
create operator <=> (leftarg = halfvec, rightarg = halfvec, function = cosine_distance, commutator = <=>);
create operator <+> (leftarg = halfvec, rightarg = halfvec, function = l1_distance, commutator = <+>);

create function vector_dims(halfvec) returns integer
language sql immutable strict parallel safe
return cardinality($1::real[]);
create function l2_norm(halfvec) returns double precision
language sql immutable strict parallel safe
return _vector_norm($1::real[]);
create function l2_normalize(halfvec) returns halfvec
language sql immutable strict parallel safe
return array(
    select coalesce(x / nullif(_vector_norm($1::real[]), 0), 0)::real
    from unnest($1::real[]) with ordinality as element (x, place) order by place
)::halfvec;
create function binary_quantize(halfvec) returns bit
language sql immutable strict parallel safe
return _vector_signs($1::real[]);
create function subvector(halfvec, integer, integer) returns halfvec
language sql immutable strict parallel safe
return ($1::real[])[$2:$2 + $3 - 1]::halfvec;

create function halfvec_add(halfvec, halfvec) returns halfvec
language sql immutable strict parallel safe
return _vector_calculate('+', $1::real[], $2::real[])::halfvec;
create operator + (leftarg = halfvec, rightarg = halfvec, function = halfvec_add, commutator = +);
create function halfvec_sub(halfvec, halfvec) returns halfvec
language sql immutable strict parallel safe
return _vector_calculate('-', $1::real[], $2::real[])::halfvec;
create operator - (leftarg = halfvec, rightarg = halfvec, function = halfvec_sub);
create function halfvec_mul(halfvec, halfvec) returns halfvec
language sql immutable strict parallel safe
return _vector_calculate('*', $1::real[], $2::real[])::halfvec;
create operator * (leftarg = halfvec, rightarg = halfvec, function = halfvec_mul, commutator = *);
create function halfvec_concat(halfvec, halfvec) returns halfvec
language sql immutable strict parallel safe
return ($1::real[] || $2::real[])::halfvec;
create operator || (leftarg = halfvec, rightarg = halfvec, function = halfvec_concat);

create function halfvec_accum(double precision[], halfvec) returns double precision[]
language sql immutable strict parallel safe
return _vector_accumulate($1, $2::real[]);
create function halfvec_avg(double precision[]) returns halfvec
language sql immutable strict parallel safe
return _vector_average($1)::halfvec;
create aggregate avg(halfvec) (sfunc = halfvec_accum, stype = double precision[], finalfunc = halfvec_avg, initcond = '{0}');
create aggregate sum(halfvec) (sfunc = halfvec_add, stype = halfvec);

create function halfvec_cmp(halfvec, halfvec) returns integer
language sql immutable strict parallel safe
return btarraycmp($1::real[], $2::real[]);
create function halfvec_lt(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<) $2::real[];
create operator < (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_lt, commutator = >, negator = >=,
    restrict = scalarltsel, join = scalarltjoinsel
);
create function halfvec_le(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<=) $2::real[];
create operator <= (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_le, commutator = >=, negator = >,
    restrict = scalarlesel, join = scalarlejoinsel
);
create function halfvec_eq(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.=) $2::real[];
create operator = (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_eq, commutator = =, negator = <>,
    restrict = eqsel, join = eqjoinsel
);
create function halfvec_ne(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.<>) $2::real[];
create operator <> (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_ne, commutator = <>, negator = =,
    restrict = neqsel, join = neqjoinsel
);
create function halfvec_ge(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.>=) $2::real[];
create operator >= (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_ge, commutator = <=, negator = <,
    restrict = scalargesel, join = scalargejoinsel
);
create function halfvec_gt(halfvec, halfvec) returns boolean
language sql immutable strict parallel safe
return $1::real[] operator(pg_catalog.>) $2::real[];
create operator > (
    leftarg = halfvec, rightarg = halfvec, function = halfvec_gt, commutator = <, negator = <=,
    restrict = scalargtsel, join = scalargtjoinsel
);
create operator class halfvec_ops default for type halfvec using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 halfvec_cmp(halfvec, halfvec);

create function vector_to_halfvec(vector, integer, boolean) returns halfvec
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, 65504)::halfvec;
create cast (vector as halfvec) with function vector_to_halfvec(vector, integer, boolean) as implicit;
create function halfvec_to_vector(halfvec, integer, boolean) returns vector
language sql immutable strict parallel safe
return _vector_text($1::real[], $2, '3.4028235e+38')::vector;
create cast (halfvec as vector) with function halfvec_to_vector(halfvec, integer, boolean) as assignment;

-- Distances of bit strings.
create function hamming_distance(bit, bit) returns double precision
language sql immutable strict parallel safe
return bit_count($1 # $2);
create function jaccard_distance(bit, bit) returns double precision
language sql immutable strict parallel safe
return 1 - coalesce(bit_count($1 & $2)::double precision / nullif(bit_count($1 | $2), 0), 0);
create operator <~> (leftarg = bit, rightarg = bit, function = hamming_distance, commutator = <~>);
create operator <%> (leftarg = bit, rightarg = bit, function = jaccard_distance, commutator = <%>);

-- The access methods are PostgreSQL's hash under another name, which holds four bytes a row however long the value is. No
-- query is ordered by them, so answers are exact where the real ones are approximate.
create access method hnsw type index handler hashhandler;
create access method ivfflat type index handler hashhandler;
create function _vector_hash(vector) returns integer
language sql immutable strict parallel safe
return hash_array($1::real[]);
create function _vector_hash(halfvec) returns integer
language sql immutable strict parallel safe
return hash_array($1::real[]);
create function _vector_hash(bit) returns integer
language sql immutable strict parallel safe
return hashtext($1::text);
create operator class vector_l2_ops for type vector using hnsw as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class vector_ip_ops for type vector using hnsw as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class vector_cosine_ops for type vector using hnsw as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class vector_l1_ops for type vector using hnsw as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class halfvec_l2_ops for type halfvec using hnsw as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class halfvec_ip_ops for type halfvec using hnsw as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class halfvec_cosine_ops for type halfvec using hnsw as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class halfvec_l1_ops for type halfvec using hnsw as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class bit_hamming_ops for type bit using hnsw as
    operator 1 = (bit, bit), function 1 _vector_hash(bit);
create operator class bit_jaccard_ops for type bit using hnsw as
    operator 1 = (bit, bit), function 1 _vector_hash(bit);
create operator class vector_l2_ops default for type vector using ivfflat as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class vector_ip_ops for type vector using ivfflat as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class vector_cosine_ops for type vector using ivfflat as
    operator 1 = (vector, vector), function 1 _vector_hash(vector);
create operator class halfvec_l2_ops for type halfvec using ivfflat as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class halfvec_ip_ops for type halfvec using ivfflat as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class halfvec_cosine_ops for type halfvec using ivfflat as
    operator 1 = (halfvec, halfvec), function 1 _vector_hash(halfvec);
create operator class bit_hamming_ops for type bit using ivfflat as
    operator 1 = (bit, bit), function 1 _vector_hash(bit);

-- Refuses an index that the real access methods refuse for its column. Their options are unknown to the handler and cannot be
-- kept: the runner of the migrations turns `with (lists = 100)` into a comment, and here they are checked.
create function _vector_check_index() returns event_trigger
language plpgsql
set search_path = pg_catalog
as $$
declare
    made record;
    -- Where one statement holds several (a DO block), whose is whose is not known, and none is checked.
    options constant text[] := (
        select array_agg(regexp_replace(lower(trim(option)), '\s*=\s*''?(\w+)''?', '=\1'))
        from (
            select min(found.texts[1])
            from regexp_matches(current_query(), '/\*schemaproof: with \(([^()]*)\)\*/', 'g') as found (texts)
            having count(*) = 1
        ) as single (list), string_to_table(single.list, ',') as option
    );
    bounds constant jsonb := '{"hnsw": {"m": [2, 100], "ef_construction": [4, 1000]}, "ivfflat": {"lists": [1, 32768]}}';
    option text;
begin
    for made in
        select
            i.oid, method.amname, opclass.opcintype::regtype::text as type,
            -- hash keeps an integer, so the index itself does not tell; a dimension cast to stands at an expression's end.
            coalesce(a.atttypmod, substring(pg_get_indexdef(i.oid, 1, false) from '\((\d+)\)\)*$')::integer, -1) as dimensions
        from pg_event_trigger_ddl_commands() as command
        join pg_class as i on i.oid = command.objid and command.classid = 'pg_class'::regclass
        join pg_am as method on method.oid = i.relam and method.amname in ('hnsw', 'ivfflat')
        join pg_index as x on x.indexrelid = i.oid
        join pg_opclass as opclass on opclass.oid = x.indclass[0]
        left join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = x.indkey[0] and a.attnum > 0
    loop
        if made.dimensions < 0 then
            raise exception 'column does not have dimensions' using errcode = 'invalid_parameter_value';
        elsif made.dimensions > (case when made.type like '%halfvec' then 4000 when made.type = 'bit' then 64000 else 2000 end)
        then
            raise exception 'column has too many dimensions for an index of %: %', made.amname, made.dimensions
                using errcode = 'program_limit_exceeded';
        end if;
        foreach option in array coalesce(options, '{}') loop
            if not coalesce(
                bounds -> made.amname ? split_part(option, '=', 1) and split_part(option, '=', 2) ~ '^\d{1,9}$'
                and split_part(option, '=', 2)::integer between
                    (bounds #>> array[made.amname, split_part(option, '=', 1), '0'])::integer
                    and (bounds #>> array[made.amname, split_part(option, '=', 1), '1'])::integer, false
            ) then
                raise exception 'an index of % does not take %', made.amname, option using errcode = 'invalid_parameter_value';
            end if;
        end loop;
        if options is not null then
            raise notice 'emulated %: % is checked and not kept', made.amname, array_to_string(options, ', ');
        end if;
    end loop;
end
$$;
create event trigger schemaproof_vector_check_index on ddl_command_end when tag in ('CREATE INDEX')
execute function _vector_check_index();
