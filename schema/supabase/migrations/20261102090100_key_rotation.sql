-- The life of a key: made current, superseded by the next one, left by every row, retired, removed with its secret.
-- Locks: none on any table.
create function private.rotate_encryption_key()
returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    key_version integer;
begin
    -- Version 0 is none: its lock is that of rotations.
    if not pg_try_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, 0) then
        raise exception 'another rotation of the encryption key is under way' using
            errcode = 'SP103',
            hint = 'Wait until it has committed; rotate again only if its key is not to be trusted.';
    end if;
    key_version := private.create_encryption_key();
    perform private.audit(null, 'rotate', 'private.encryption_keys', key_version::text, null);
    return key_version;
end
$$;

-- What uses a version is asked of the foreign keys: a table with encrypted or hashed columns has one to the registry.
create function private.encryption_key_uses(key_version integer)
returns setof text
language plpgsql
stable
as $$
declare
    use record;
    used boolean;
begin
    for use in
        select c.relnamespace::regnamespace || '.' || quote_ident(c.relname) as table_name, a.attname as column_name
        from pg_catalog.pg_constraint as r
        join pg_catalog.pg_class as c on c.oid = r.conrelid
        join pg_catalog.pg_attribute as a on a.attrelid = r.conrelid and a.attnum = r.conkey[1]
        where r.contype = 'f' and r.confrelid = 'private.encryption_keys'::regclass
        order by table_name
    loop
        execute format('select exists (select from %s as t where t.%I = $1)', use.table_name, use.column_name)
            into used using key_version;
        if used then
            return next use.table_name;
        end if;
    end loop;
end
$$;

create function private.retire_encryption_key(key_version integer)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    found_state text;
    users text;
begin
    -- Waits for who writes with the version still, and holds off who would begin to. The row is locked as well, for who
    -- took the version without its lock and has inserted; who has not yet is stopped by the foreign key at removal.
    perform pg_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, key_version);
    select k.state into found_state
    from private.encryption_keys as k where k.key_version = retire_encryption_key.key_version for update;
    if found_state is distinct from 'superseded' then
        raise exception 'version % of the encryption key cannot be retired: it is %',
            key_version, coalesce(found_state, 'not registered')
            using
                errcode = 'SP105',
                hint = 'Retire a version that private.rotate_encryption_key() has superseded.';
    end if;
    select string_agg(u, ', ') into users from private.encryption_key_uses(key_version) as u;
    if users is not null then
        raise exception 'version % of the encryption key is in use by %', key_version, users using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), and wait until private.purge_verifications() has removed the codes.';
    end if;
    update private.encryption_keys as k set state = 'retired', retired_at = now()
    where k.key_version = retire_encryption_key.key_version;
    perform private.audit(null, 'retire', 'private.encryption_keys', key_version::text, null);
end
$$;

create function private.remove_encryption_key(key_version integer)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
    secret_id uuid;
begin
    delete from private.encryption_keys as k
    where k.key_version = remove_encryption_key.key_version and k.state = 'retired'
    returning k.vault_secret_id into secret_id;
    if secret_id is null then
        raise exception 'version % of the encryption key cannot be removed: it is not retired', key_version using
            errcode = 'SP105',
            hint = 'Call private.retire_encryption_key() first.';
    end if;
    delete from vault.secrets as s where s.id = secret_id;
    perform private.audit(null, 'remove', 'private.encryption_keys', key_version::text, null);
exception
    when foreign_key_violation or restrict_violation then
        raise exception 'version % of the encryption key is in use', key_version using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), then remove it again.';
end
$$;

-- Takes the rows of a table that an older version still serves, but for those that somebody has locked and for `skipped`.
-- A row that does not decrypt would take the others of its batch with it, so that one damaged byte stopped every tenant's
-- rotation: such a batch is done again row by row. Encrypted columns are found by their type; one has a keyed hash if it
-- is `x_ciphertext` and there is an `x_hash`, of purpose x.
create function private.reencrypt_batch(
    relation regclass, batch_size integer, skipped text[], out is_last boolean, out damaged text[]
)
language plpgsql
volatile
as $$
declare
    target record;
    places tid[];
    ids text[];
    statement text;
begin
    select
        c.relnamespace::regnamespace || '.' || c.relname as table_name,
        k.attname as id_column,
        e.attname as column_name,
        regexp_replace(e.attname, '_ciphertext$', '') as purpose,
        h.attname as hash_column
    into target
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as e on e.attrelid = c.oid and e.atttypid = 'private.ciphertext'::regtype
    join pg_catalog.pg_constraint as p on p.conrelid = c.oid and p.contype = 'p'
    join pg_catalog.pg_attribute as k on k.attrelid = c.oid and k.attnum = p.conkey[2]
    left join pg_catalog.pg_attribute as h
        on h.attrelid = c.oid and h.attname = regexp_replace(e.attname, '_ciphertext$', '_hash')
    where c.oid = reencrypt_batch.relation and not e.attisdropped;
    damaged := '{}';
    is_last := true;
    if target.table_name is null then
        return;
    end if;

    -- A version that is no longer the newest is found by its index.
    execute format(
        $sql$
        select array_agg(s.place), array_agg(s.id)
        from (
            select t.ctid as place, t.tenant_id || '/' || t.%2$I as id
            from %1$s as t
            where t.key_version < (select max(k.key_version) from private.encryption_keys as k)
                and (t.tenant_id || '/' || t.%2$I) <> all ($1)
            limit $2
            for update skip locked
        ) as s
        $sql$,
        target.table_name, target.id_column
    ) into places, ids using coalesce(skipped, '{}'), batch_size;
    if places is null then
        return;
    end if;
    is_last := false;

    -- The rows are locked, so they stay at their places.
    statement := format(
        $sql$
        with plain as materialized (
            select
                t.ctid as place, t.tenant_id, t.%2$I as id,
                private.decrypt_text(t.%3$I, t.tenant_id, %4$L, %3$L, t.%2$I) as plaintext
            from %1$s as t where t.ctid = any ($1)
        ), fresh as materialized (
            select p.*, private.encrypt_text(p.plaintext, p.tenant_id, %4$L, %3$L, p.id) as ciphertext
            from plain as p
        )
        update %1$s as t
        set %3$I = f.ciphertext, key_version = private.ciphertext_key_version(f.ciphertext) %5$s
        from fresh as f
        where t.ctid = any ($1) and t.ctid = f.place
        $sql$,
        target.table_name, target.id_column, target.column_name, target.table_name,
        case when target.hash_column is not null then format(
            ', %I = private.hash_text(%L, f.tenant_id, f.plaintext, private.ciphertext_key_version(f.ciphertext))',
            target.hash_column, target.purpose
        ) end
    );
    begin
        execute statement using places;
        return;
    exception
        when sqlstate 'SP101' or sqlstate 'SP102' then
            null;
    end;
    for n in 1 .. cardinality(places) loop
        begin
            execute statement using places[n:n];
        exception
            when sqlstate 'SP101' or sqlstate 'SP102' then
                damaged := damaged || ids[n];
        end;
    end loop;
end
$$;

-- Each batch is committed, so that a kill loses one and a writer waits for one at most; it takes only rows that nobody
-- has locked, so it waits for no writer. What it finds to do is told by the rows alone.
-- Codes cannot be hashed anew, since nobody knows them: the job that removes them frees their version within a day.
create procedure private.reencrypt(batch_size integer default 1000)
language plpgsql
as $$
declare
    relation regclass;
    batch record;
    skipped text[];
    damaged text[] := '{}';
begin
    if batch_size is null or batch_size not between 1 and 100000 then
        raise exception 'a batch of % rows', coalesce(batch_size::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 100000.';
    end if;
    foreach relation in array array(
        select distinct c.oid::regclass
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as e on e.attrelid = c.oid
        where c.relkind = 'r' and e.atttypid = 'private.ciphertext'::regtype and not e.attisdropped
    ) loop
        skipped := '{}';
        loop
            select b.is_last, b.damaged into batch
            from private.reencrypt_batch(relation, batch_size, skipped) as b;
            commit;
            exit when batch.is_last;
            skipped := skipped || batch.damaged;
        end loop;
        damaged := damaged || array(select relation || '/' || s from unnest(skipped) as s);
    end loop;
    perform private.audit(
        null, 'reencrypt', 'private.encryption_keys', (select max(k.key_version) from private.encryption_keys as k)::text,
        null
    );
    commit;
    if damaged <> '{}' then
        raise exception '% rows cannot be encrypted anew, all others are', cardinality(damaged) using
            errcode = 'SP101',
            detail = 'Table/tenant/row: ' || array_to_string(damaged, ', '),
            hint = 'Restore their ciphertexts, or a missing key, from a backup or delete the rows; then call it again.';
    end if;
end
$$;

comment on function private.rotate_encryption_key() is
    'Makes a new version of the key current, which it returns, and supersedes the current one; raises SP103 during another.';
comment on function private.encryption_key_uses(integer) is 'The tables with rows that use a version of the key.';
comment on function private.retire_encryption_key(integer) is
    'Retires a superseded version; raises SP104 while a row uses it, SP105 unless it is superseded.';
comment on function private.remove_encryption_key(integer) is
    'Removes a retired version and its secret in Vault; raises SP104 while a row uses it, SP105 unless it is retired.';
comment on function private.reencrypt_batch(regclass, integer, text[]) is
    'Encrypts and hashes a batch of a table''s rows anew: whether none was left, and the tenant/row of what is damaged.';
comment on procedure private.reencrypt(integer) is
    'Encrypts and hashes anew, with the current key, what older versions hold, batch by committed batch; damaged rows are '
    'left, and raise SP101 at the end.';
