-- Gives the first rows of tables values of every kind that they allow: NULLs, the same as another row's, and values that
-- a narrower type or a hasty UPDATE would spoil. A value that the server refuses is left as it was.
create or replace function pg_temp.schemaproof_set(leaf regclass, place tid, assignment text) returns tid
language plpgsql as $$
declare
    mode text;
    moved tid;
begin
    foreach mode in array array['origin', 'replica'] loop
        begin
            perform set_config('session_replication_role', mode, true);
            execute format('update only %s set %s where ctid = %L returning ctid', leaf, assignment, place) into moved;
            perform set_config('session_replication_role', 'origin', true);
            if moved is not null then
                return moved;
            end if;
        exception when others then
            perform set_config('session_replication_role', 'origin', true);
        end;
    end loop;
    return null;
end
$$;

create or replace function pg_temp.schemaproof_unusual(name text, type text, category "char", kind oid)
returns text[] language sql as $$
    select case
        when category = 'S' then array[
            format('%L || repeat(%L, 40)', ' MiXed ÄÖ "text" ', 'long text '), quote_literal(' +49 (30) 123-45 aB '), name || ' || ''X''', format('upper(%s)', name),
            format('initcap(%s)', name)
        ]
        when category = 'E' then array[(
            select quote_literal(enumlabel) from pg_catalog.pg_enum where enumtypid = kind order by enumsortorder desc limit 1
        )]
        when category = 'A' then array[quote_literal('{"b B",A,a}'), quote_literal('{3,1,2}'), quote_literal('{t,f}')]
        when category = 'B' then array[format('not coalesce(%s, false)', name)]
        when type in ('numeric', 'float8', 'float4') then array[format('coalesce(%s, 0) + 0.123456789', name), '0.123456789']
        when category = 'N' then array['5000000000', '2000000000', '70000', '300', '7']
        when category = 'D' then array['''2024-02-29 12:34:56.789012+00''', '''12:34:56.789''']
        when category = 'T' then array['''1 day 02:03:04.567''']
        when type in ('json', 'jsonb') then array['''{"k": [1.50, null, "Ä"]}''']
        when type = 'bytea' then array['''\xdeadbeef''']
    end
$$;

create or replace function pg_temp.schemaproof_vary(labels text[]) returns void language plpgsql as $$
declare
    label text;
    leaves regclass[];
    places tid[];
    col record;
    attempt text;
    moved tid;
    last int;
begin
    set constraints all immediate;
    foreach label in array labels loop
        execute format(
            'select array_agg(leaf), array_agg(place) from (select tableoid::regclass, ctid from %s limit 4) as r (leaf, place)',
            label
        ) into leaves, places;
        last := coalesce(cardinality(places), 0);
        continue when last < 2;
        for col in
            select
                format('%I', a.attname) as name, b.typname::text as type, b.typcategory as category, b.oid as kind,
                not a.attnotnull and not t.typnotnull as nullable,
                not exists (
                    select from pg_catalog.pg_constraint as c
                    where (c.conrelid = a.attrelid and c.contype in ('p', 'f') and a.attnum = any (c.conkey))
                        or (c.confrelid = a.attrelid and a.attnum = any (c.confkey))
                ) as free,
                exists (
                    select from pg_catalog.pg_index as i
                    where i.indrelid = a.attrelid and i.indisunique and a.attnum = any (i.indkey)
                ) as in_key
            from pg_catalog.pg_attribute as a
            join pg_catalog.pg_type as t on t.oid = a.atttypid
            join pg_catalog.pg_type as b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
            where a.attrelid = label::regclass and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = '' and a.attidentity = ''
                and a.attrelid <> all (select partrelid from pg_catalog.pg_partitioned_table where a.attnum = any (partattrs))
            order by a.attnum
        loop
            if col.nullable then
                moved := pg_temp.schemaproof_set(leaves[2], places[2], col.name || ' = null');
                places[2] := coalesce(moved, places[2]);
            end if;
            if col.free and not col.in_key and last > 2 then
                moved := pg_temp.schemaproof_set(
                    leaves[3], places[3],
                    format('%s = (select %s from only %s where ctid = %L)', col.name, col.name, leaves[1], places[1])
                );
                places[3] := coalesce(moved, places[3]);
            end if;
            if col.free and last > 3 then
                moved := null;
                foreach attempt in array coalesce(
                    pg_temp.schemaproof_unusual(col.name, col.type, col.category, col.kind), '{}'
                ) loop
                    moved := pg_temp.schemaproof_set(leaves[4], places[4], format('%s = %s', col.name, attempt));
                    exit when moved is not null;
                end loop;
                places[4] := coalesce(moved, places[4]);
            end if;
        end loop;
    end loop;
end
$$;
