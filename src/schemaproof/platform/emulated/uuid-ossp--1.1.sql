-- uuid-ossp in SQL: the functions, signatures and results of the module
-- (https://www.postgresql.org/docs/current/uuid-ossp.html), layouts from RFC 4122. The node of uuid_generate_v1 is the
-- same on every machine, since SQL cannot read the network card's address.

create function uuid_nil() returns uuid
language sql immutable strict parallel safe
return '00000000-0000-0000-0000-000000000000'::pg_catalog.uuid;

create function uuid_ns_dns() returns uuid
language sql immutable strict parallel safe
return '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

create function uuid_ns_url() returns uuid
language sql immutable strict parallel safe
return '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

create function uuid_ns_oid() returns uuid
language sql immutable strict parallel safe
return '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

create function uuid_ns_x500() returns uuid
language sql immutable strict parallel safe
return '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

create function uuid_generate_v4() returns uuid
language sql volatile strict parallel safe
return pg_catalog.gen_random_uuid();

-- Section 4.2: hundreds of nanoseconds since 15 October 1582, low word first. The clock sequence is random, so that two
-- calls in one microsecond differ.
create function uuid_generate_v1() returns uuid
language plpgsql volatile strict parallel safe
set search_path = pg_catalog
as $$
declare
    ticks constant bigint := floor(extract(epoch from clock_timestamp()) * 1000000)::bigint * 10
        + floor(random() * 10)::bigint + 122192928000000000;
    clock constant integer := floor(random() * 16384)::integer | 32768;
begin
    return lpad(to_hex(ticks & 4294967295), 8, '0') || lpad(to_hex((ticks >> 32) & 65535), 4, '0')
        || to_hex((ticks >> 48) | 4096) || to_hex(clock) || '5363686d5072';
end
$$;

-- As v1 with a random node whose multicast and local bits are set (section 4.5).
create function uuid_generate_v1mc() returns uuid
language plpgsql volatile strict parallel safe
set search_path = pg_catalog
as $$
declare
    ticks constant bigint := floor(extract(epoch from clock_timestamp()) * 1000000)::bigint * 10
        + floor(random() * 10)::bigint + 122192928000000000;
    clock constant integer := floor(random() * 16384)::integer | 32768;
    random_bytes constant bytea := uuid_send(gen_random_uuid());
    node constant bytea := substr(set_byte(random_bytes, 0, get_byte(random_bytes, 0) | 3), 1, 6);
begin
    return lpad(to_hex(ticks & 4294967295), 8, '0') || lpad(to_hex((ticks >> 32) & 65535), 4, '0')
        || to_hex((ticks >> 48) | 4096) || to_hex(clock) || encode(node, 'hex');
end
$$;

-- Section 4.3 with MD5.
create function uuid_generate_v3(namespace uuid, name text) returns uuid
language plpgsql immutable strict parallel safe
set search_path = pg_catalog
as $$
declare
    hash bytea := decode(md5(uuid_send(namespace) || convert_to(name, getdatabaseencoding())), 'hex');
begin
    hash := set_byte(hash, 6, (get_byte(hash, 6) & 15) | 48);
    hash := set_byte(hash, 8, (get_byte(hash, 8) & 63) | 128);
    return encode(hash, 'hex');
end
$$;

-- Section 4.3 with SHA-1, which the server has only in pgcrypto: computed here (RFC 3174), to depend on nothing.
create function uuid_generate_v5(namespace uuid, name text) returns uuid
language plpgsql immutable strict parallel safe
set search_path = pg_catalog
as $$
declare
    message bytea := uuid_send(namespace) || convert_to(name, getdatabaseencoding());
    bits constant bigint := 8 * length(message);
    state bigint[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    words bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint;
    mixed bigint; next_a bigint;
    hash bytea;
begin
    message := message || '\x80' || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex') || int8send(bits);
    for block in 0 .. length(message) / 64 - 1 loop
        for i in 0 .. 15 loop
            words[i] := ('x' || encode(substr(message, block * 64 + i * 4 + 1, 4), 'hex'))::bit(32)::bigint;
        end loop;
        for i in 16 .. 79 loop
            mixed := words[i - 3] # words[i - 8] # words[i - 14] # words[i - 16];
            words[i] := ((mixed << 1) | (mixed >> 31)) & 4294967295;
        end loop;
        a := state[1]; b := state[2]; c := state[3]; d := state[4]; e := state[5];
        for i in 0 .. 79 loop
            mixed := case i / 20
                when 0 then ((b & c) | ((b # 4294967295) & d)) + 1518500249
                when 1 then (b # c # d) + 1859775393
                when 2 then ((b & c) | (b & d) | (c & d)) + 2400959708
                else (b # c # d) + 3395469782
            end;
            next_a := (((a << 5) | (a >> 27)) & 4294967295) + mixed + e + words[i];
            e := d; d := c; c := ((b << 30) | (b >> 2)) & 4294967295; b := a; a := next_a & 4294967295;
        end loop;
        state := array[(state[1] + a) & 4294967295, (state[2] + b) & 4294967295, (state[3] + c) & 4294967295,
            (state[4] + d) & 4294967295, (state[5] + e) & 4294967295];
    end loop;
    hash := decode(lpad(to_hex(state[1]), 8, '0') || lpad(to_hex(state[2]), 8, '0')
        || lpad(to_hex(state[3]), 8, '0') || lpad(to_hex(state[4]), 8, '0'), 'hex');
    hash := set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80);
    hash := set_byte(hash, 8, (get_byte(hash, 8) & 63) | 128);
    return encode(hash, 'hex');
end
$$;
