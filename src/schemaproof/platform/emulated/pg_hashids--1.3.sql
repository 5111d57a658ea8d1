-- pg_hashids in SQL: Hashids (https://hashids.org) for one number or several, as pg_hashids 1.3 has it.
create function _hashids_shuffle(alphabet text, salt text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog
as $$
declare
    letters text[] := string_to_array(alphabet, null);
    kept text;
    place integer := 0;
    total integer := 0;
    other integer;
    code integer;
begin
    if salt = '' then
        return alphabet;
    end if;
    for i in reverse cardinality(letters) - 1 .. 1 loop
        code := ascii(substr(salt, place + 1, 1));
        total := total + code;
        other := (code + place + total) % i;
        kept := letters[i + 1];
        letters[i + 1] := letters[other + 1];
        letters[other + 1] := kept;
        place := (place + 1) % length(salt);
    end loop;
    return array_to_string(letters, '');
end
$$;

create function _hashids_digits(number bigint, alphabet text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog
as $$
declare
    digits text := '';
begin
    loop
        digits := substr(alphabet, (number % length(alphabet))::integer + 1, 1) || digits;
        number := number / length(alphabet);
        exit when number = 0;
    end loop;
    return digits;
end
$$;

-- The letters that separate numbers, those that guard the ends, and the rest.
create function _hashids_alphabets(salt text, alphabet text, out rest text, out separators text, out guards text)
language plpgsql immutable strict parallel safe
as $$
declare
    missing integer;
    guarding integer;
begin
    select string_agg(letter, '' order by place) into alphabet
    from (
        select letter, min(place) as place
        from string_to_table(alphabet, null) with ordinality as letters (letter, place)
        group by letter
    ) as once;
    if length(alphabet) < 16 or strpos(alphabet, ' ') > 0 then
        raise exception 'an alphabet has at least 16 different letters and no space'
            using errcode = 'invalid_parameter_value';
    end if;
    select coalesce(string_agg(letter, '' order by place), '') into separators
    from string_to_table('cfhistuCFHISTU', null) with ordinality as letters (letter, place)
    where strpos(alphabet, letter) > 0;
    rest := translate(alphabet, separators, '');
    separators := @extschema@._hashids_shuffle(separators, salt);
    if separators = '' or length(rest) / length(separators)::numeric > 3.5 then
        missing := greatest(ceil(length(rest) / 3.5)::integer, 2) - length(separators);
        if missing > 0 then
            separators := separators || left(rest, missing);
            rest := substr(rest, missing + 1);
        end if;
    end if;
    rest := @extschema@._hashids_shuffle(rest, salt);
    guarding := ceil(length(rest) / 12.0);
    if length(rest) < 3 then
        guards := left(separators, guarding);
        separators := substr(separators, guarding + 1);
    else
        guards := left(rest, guarding);
        rest := substr(rest, guarding + 1);
    end if;
end
$$;

create function id_encode(
    numbers bigint[],
    salt text default '',
    min_length integer default 0,
    alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
)
returns text
language plpgsql immutable strict parallel safe
as $$
declare
    rest text;
    separators text;
    guards text;
    lottery text;
    digits text;
    hash text;
    total bigint;
    excess integer;
begin
    if cardinality(numbers) = 0 or 0 > any (numbers) then
        raise exception 'only numbers from 0 on are encoded' using errcode = 'invalid_parameter_value';
    end if;
    select a.rest, a.separators, a.guards into rest, separators, guards
    from @extschema@._hashids_alphabets(salt, alphabet) as a;
    select sum(number % (place + 99)) into total from unnest(numbers) with ordinality as n (number, place);
    lottery := substr(rest, (total % length(rest))::integer + 1, 1);
    hash := lottery;
    for i in 1 .. cardinality(numbers) loop
        rest := @extschema@._hashids_shuffle(rest, left(lottery || salt || rest, length(rest)));
        digits := @extschema@._hashids_digits(numbers[i], rest);
        hash := hash || digits;
        if i < cardinality(numbers) then
            hash := hash || substr(
                separators, ((numbers[i] % (ascii(digits) + i - 1)) % length(separators))::integer + 1, 1);
        end if;
    end loop;
    if length(hash) < min_length then
        hash := substr(guards, ((total + ascii(hash)) % length(guards))::integer + 1, 1) || hash;
        if length(hash) < min_length then
            hash := hash || substr(guards, ((total + ascii(substr(hash, 3, 1))) % length(guards))::integer + 1, 1);
        end if;
    end if;
    while length(hash) < min_length loop
        rest := @extschema@._hashids_shuffle(rest, rest);
        hash := substr(rest, length(rest) / 2 + 1) || hash || left(rest, length(rest) / 2);
        excess := length(hash) - min_length;
        if excess > 0 then
            hash := substr(hash, excess / 2 + 1, min_length);
        end if;
    end loop;
    return hash;
end
$$;

create function id_encode(
    number bigint,
    salt text default '',
    min_length integer default 0,
    alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
)
returns text
language sql immutable strict parallel safe
as $$ select @extschema@.id_encode(array[number], salt, min_length, alphabet) $$;

-- A hash that another salt or alphabet made is no hash of any numbers.
create function id_decode(
    hash text,
    salt text default '',
    min_length integer default 0,
    alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
)
returns bigint[]
language plpgsql immutable strict parallel safe
as $$
declare
    rest text;
    separators text;
    guards text;
    parts text[];
    body text;
    digits text;
    number bigint;
    numbers bigint[] := '{}';
begin
    select a.rest, a.separators, a.guards into rest, separators, guards
    from @extschema@._hashids_alphabets(salt, alphabet) as a;
    parts := string_to_array(translate(hash, guards, repeat(' ', length(guards))), ' ');
    body := parts[case when cardinality(parts) in (2, 3) then 2 else 1 end];
    foreach digits in array
        string_to_array(translate(substr(body, 2), separators, repeat(' ', length(separators))), ' ')
    loop
        rest := @extschema@._hashids_shuffle(rest, left(left(body, 1) || salt || rest, length(rest)));
        number := 0;
        for i in 1 .. length(digits) loop
            number := number * length(rest) + strpos(rest, substr(digits, i, 1)) - 1;
        end loop;
        numbers := numbers || number;
    end loop;
    if 0 > any (numbers) or @extschema@.id_encode(numbers, salt, 0, alphabet) is distinct from body then
        return '{}';
    end if;
    return numbers;
end
$$;

create function id_decode_once(
    hash text,
    salt text default '',
    min_length integer default 0,
    alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
)
returns bigint
language sql immutable strict parallel safe
as $$ select (@extschema@.id_decode(hash, salt, min_length, alphabet))[1] $$;
